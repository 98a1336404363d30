declare module '*.wgsl' {
  export const shader: import('../scripts/vite_plugin_wgsl.ts').ShaderSource;
}
