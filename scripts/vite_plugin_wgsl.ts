import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { link } from 'wesl/core';
import { ResourceType, WgslReflect } from 'wgsl_reflect/wgsl_reflect.module.js';

/** What an `import { shader } from '….wgsl'` gives: linked source and its reflection, both made at build time. */
export interface ShaderSource {
  readonly name: string;
  readonly code: string;
  readonly bindings: readonly ShaderBinding[];
  /** Names of the `override` constants. */
  readonly overrides: readonly string[];
}

export interface ShaderBinding {
  readonly group: number;
  readonly binding: number;
  readonly name: string;
  readonly kind: 'storage' | 'read-only-storage' | 'uniform';
  /** Uniforms only: byte size of the struct and where each member lies, under its name in camelCase. */
  readonly bytes: number;
  readonly members: Readonly<
    Record<string, { readonly offset: number; readonly type: 'u32' | 'i32' | 'f32' }>
  >;
}

const SHADERS = resolve(dirname(fileURLToPath(import.meta.url)), '../shaders');

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

async function modules(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true });
  const sources: Record<string, string> = {};
  for (const entry of entries.filter((name) => name.endsWith('.wgsl'))) {
    sources[`./${entry}`] = await readFile(join(folder, entry), 'utf8');
  }
  return sources;
}

/** Links a shader with what it imports from shaders/shared and reflects its bindings and overrides. */
export async function linkShader(path: string, replaced?: string): Promise<ShaderSource> {
  const name = basename(path, '.wgsl');
  const weslSrc = await modules(SHADERS);
  const key = `./${relative(SHADERS, path)}`;
  if (replaced !== undefined) weslSrc[key] = replaced;
  const linked = await link({ rootModuleName: key.slice(2, -'.wgsl'.length), weslSrc });
  const code = linked.dest.trim();
  const reflection = new WgslReflect(code);
  const bindings = reflection.getBindGroups().flatMap((group, groupIndex) =>
    group.filter(Boolean).map((variable): ShaderBinding => {
      const uniform = variable.resourceType === ResourceType.Uniform;
      const members: Record<string, { offset: number; type: 'u32' | 'i32' | 'f32' }> = {};
      for (const member of uniform ? (variable.members ?? []) : []) {
        const type = member.type.name;
        if (type !== 'u32' && type !== 'i32' && type !== 'f32') {
          throw new Error(
            `${path}: uniform member ${member.name} has type ${type}; only u32, i32 and f32 are packed`,
          );
        }
        members[camelCase(member.name)] = { offset: member.offset, type };
      }
      return {
        group: groupIndex,
        binding: variable.binding,
        name: variable.name,
        kind: uniform ? 'uniform' : variable.access === 'read_write' ? 'storage' : 'read-only-storage',
        bytes: uniform ? variable.size : 0,
        members,
      };
    }),
  );
  return { name, code, bindings, overrides: reflection.overrides.map((constant) => constant.name) };
}

/** Lets TypeScript import `.wgsl` files as linked, reflected shaders; in builds, dev server and tests alike. */
export function wgslKernels(): Plugin {
  return {
    name: 'backfire:wgsl',
    enforce: 'pre',
    async load(id) {
      const path = id.split('?')[0];
      if (!path.endsWith('.wgsl')) return null;
      for (const entry of await readdir(SHADERS, { recursive: true })) {
        if (entry.endsWith('.wgsl')) this.addWatchFile(join(SHADERS, entry));
      }
      const shader = await linkShader(path);
      return { code: `export const shader = ${JSON.stringify(shader)};`, map: null };
    },
  };
}
