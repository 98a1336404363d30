/** A shader as data: linked WGSL and its reflection, made at build time from the files in shaders/. */
export type ShaderSource = import('../../scripts/vite_plugin_wgsl.ts').ShaderSource;
export type ShaderBinding = ShaderSource['bindings'][number];
