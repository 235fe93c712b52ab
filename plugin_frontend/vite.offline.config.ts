import { defineConfig } from "vitest/config";

export default defineConfig({
  // Nothing is imported later: there is nowhere to import it from.
  define: { "import.meta.url": '""' },
  build: {
    // One classic script with everything in it: what is opened from disk can import nothing.
    outDir: "../tb_nnviz/plugin/static",
    emptyOutDir: false,
    target: "es2022",
    lib: {
      entry: "src/offline.ts",
      formats: ["iife"],
      name: "nnviz",
      fileName: () => "offline.js",
    },
    rolldownOptions: { output: { minify: true, codeSplitting: false } },
  },
});
