import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    // One ES module: TensorBoard imports ./static/index.js in the plugin's frame, under a content security policy
    // that allows nothing but its own origin. The colour tables lie in the same directory, so it is not emptied.
    outDir: "../tb_nnviz/plugin/static",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "index.js" },
    // Of a library for bundlers white space and comments are kept; this one goes to browsers as it is.
    rolldownOptions: { output: { minify: true } },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
});
