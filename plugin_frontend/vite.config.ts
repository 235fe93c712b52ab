import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vitest/config";

const OUT_DIR = "../tb_nnviz/plugin/static";
/** Below `OUT_DIR`: the modules of views that are loaded when they are first shown. */
const CHUNKS = "chunks";

/** A module that has got another name would stay and go into wheels. */
const withoutOlderChunks: Plugin = {
  name: "without-older-chunks",
  generateBundle(_, bundle) {
    const directory = join(OUT_DIR, CHUNKS);
    const files = existsSync(directory) ? readdirSync(directory) : [];
    for (const file of files) {
      if (!Object.hasOwn(bundle, `${CHUNKS}/${file}`)) rmSync(join(directory, file));
    }
  },
};

export default defineConfig({
  plugins: [withoutOlderChunks],
  build: {
    // ES modules: TensorBoard imports ./static/index.js in the plugin's frame (`vite.entry.config.ts`) and that one
    // imports this, under a content security policy that allows nothing but its own origin. The colour tables lie in
    // the same directory, so it is not emptied.
    outDir: OUT_DIR,
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/screen.ts", formats: ["es"], fileName: () => "screen.js" },
    rolldownOptions: {
      // What else the modules of views need of the rest they take from screen.js, which is loaded already.
      preserveEntrySignatures: "allow-extension",
      output: {
        // Of a library for bundlers white space and comments are kept; this one goes to browsers as it is.
        minify: true,
        // All that screen.js needs is in it, however many of the modules that are loaded later need some of it too.
        codeSplitting: { groups: [{ name: "shared", tags: ["$initial"] }] },
        // Relative to screen.js, wherever that lies. Without hashes: TensorBoard's answers are not kept by browsers.
        chunkFileNames: ({ isDynamicEntry }) =>
          `${CHUNKS}/${isDynamicEntry ? "[name]" : "shared"}.js`,
      },
    },
  },
  // No test is about time: some do much on a machine that has other things to do.
  test: { include: ["test/**/*.test.ts"], environment: "node", testTimeout: 60_000 },
});
