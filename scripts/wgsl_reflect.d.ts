// In Node, `wgsl_reflect` itself exports nothing; this file of it does, and has no types of its own.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
