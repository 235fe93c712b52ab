/**
 * The views whose code is a module of its own, loaded when the view is first shown, so that the tab opens with little.
 * A module that did not come can be asked for again. Must not know what the views show.
 */
import type { TemplateResult } from "lit";
import type { Slot } from "../model/sections.js";
import type { Loadable } from "../state/app_state.js";
import { Observable } from "../state/observable.js";
import type { Session } from "../state/session.js";

/** What the module of a kind of panel exports. */
export interface DeferredModule {
  readonly panelTemplate: (slot: Slot, session: Session, width: number) => TemplateResult;
}

/** What the module of the tile in the large exports. */
export interface TileModule {
  readonly tileTemplate: (session: Session) => TemplateResult;
}

/** What the module of the bar that plays through the layers exports. */
export interface LayerBarModule {
  readonly barTemplate: (session: Session, width: number) => TemplateResult;
}

/** A file's name below `chunks/`, as the build names it, and its first loading. */
interface ModuleFile<M> {
  readonly file: string;
  readonly load: () => Promise<M>;
}

/** By the kind of panel. */
const MODULES = {
  attributions: { file: "attribution_module", load: () => import("./attribution_module.js") },
  confusion: { file: "confusion_module", load: () => import("./confusion_module.js") },
  graph: { file: "graph_module", load: () => import("./graph_module.js") },
  histogram: { file: "histogram_module", load: () => import("./histogram_module.js") },
} as const satisfies Record<string, ModuleFile<DeferredModule>>;

export type DeferredKind = keyof typeof MODULES;

export function isDeferred(kind: string): kind is DeferredKind {
  return Object.hasOwn(MODULES, kind);
}

/** One module on its way or here. */
export class DeferredLoader<M> {
  readonly state = new Observable<Loadable<M>>({ status: "pending" });
  readonly #module: ModuleFile<M>;
  #attempts = 0;

  constructor(module: ModuleFile<M>) {
    this.#module = module;
    void this.load();
  }

  /** Loads the module, or tries again after a failure. */
  async load(): Promise<void> {
    this.#attempts += 1;
    this.state.set({ status: "pending" });
    const { file, load } = this.#module;
    this.state.set(await loadModule(file, load, this.#attempts));
  }
}

/**
 * A module of the bundle, or why it cannot be had. `attempt` counts from 1: browsers remember that a module could not be
 * had, and look again under another address.
 */
export async function loadModule<M>(
  file: string,
  load: () => Promise<M>,
  attempt: number,
): Promise<Loadable<M>> {
  try {
    const value = await (attempt === 1
      ? load()
      : import(/* @vite-ignore */ new URL(`chunks/${file}.js?attempt=${attempt}`, here()).href));
    return { status: "ready", value: value as M };
  } catch (error) {
    return { status: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

// Behind a name of its own: else the build would look for the files itself.
const here = (): string => import.meta.url;

const loaders = new Map<DeferredKind, DeferredLoader<DeferredModule>>();

/** The loader of a kind of panel: one for all panels, made when the first one asks. */
export function loaderOf(kind: DeferredKind): DeferredLoader<DeferredModule> {
  const loader = loaders.get(kind) ?? new DeferredLoader<DeferredModule>(MODULES[kind]);
  loaders.set(kind, loader);
  return loader;
}

/** That of the tile in the large, made when the first one is opened. */
export const tileLoader = onFirstUse<TileModule>({
  file: "tile_module",
  load: () => import("./tile_module.js"),
});

/** That of the bar that plays through the layers, made when activations are first shown. */
export const layerBarLoader = onFirstUse<LayerBarModule>({
  file: "layer_bar_module",
  load: () => import("./layer_bar_module.js"),
});

function onFirstUse<M>(module: ModuleFile<M>): () => DeferredLoader<M> {
  let loader: DeferredLoader<M> | null = null;
  return () => {
    loader ??= new DeferredLoader(module);
    return loader;
  };
}
