import { defineConfig } from "vitest/config";

export default defineConfig({
  build: {
    // What TensorBoard imports. The screen is a module of its own, which `vite.config.ts` makes.
    outDir: "../tb_nnviz/plugin/static",
    emptyOutDir: false,
    target: "es2022",
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "index.js" },
    rolldownOptions: { external: /screen\.js$/, output: { minify: true } },
  },
});
