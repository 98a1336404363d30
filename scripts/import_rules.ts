import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import { LAYERS, MAY_USE_NODE } from './import_table.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

/** Every import of a source file: static, dynamic, re-exported, and `import('…')` in a type. */
export function importsOf(path: string, text: string): Import[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node | undefined, typeOnly: boolean): void => {
    if (!node || !ts.isStringLiteralLike(node)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ specifier: node.text, line: line + 1, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importsTypesOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function importsTypesOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((name) => name.isTypeOnly)
  );
}

/**
 * What breaks the rules of import_table.ts, one line each; and import cycles, types included.
 *
 * @param files text by path from the repository's root, such as `src/cpu/curate.ts`
 */
export function importViolations(files: ReadonlyMap<string, string>): string[] {
  const violations: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, text] of files) {
    const imports = importsOf(path, text);
    for (const found of imports) {
      const problem = problemWith(path, found);
      if (problem !== null) violations.push(`${path}:${found.line} imports ${found.specifier}: ${problem}`);
    }
    graph.set(
      path,
      imports.flatMap(({ specifier }) => localTarget(path, specifier) ?? []),
    );
  }
  return [...violations, ...cycles(graph).map((cycle) => `import cycle: ${cycle.join(' → ')}`)];
}

/** Path from the root that a relative specifier means, without a query such as `?raw`; null for packages. */
function localTarget(path: string, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return posix.join(posix.dirname(path), specifier.split('?')[0]);
}

/** `src/engine/run.ts` → `engine`, `src/errors.ts` → `errors`, `web/…` → `web`. */
function layerOf(path: string): string {
  const [top, next] = path.split('/');
  return top === 'src' ? next.replace(/\.ts$/, '') : top;
}

function problemWith(path: string, { specifier, typeOnly }: Import): string | null {
  const from = layerOf(path);
  if (from === 'errors') return 'errors imports nothing';
  const layer = LAYERS[from];
  if (!layer) return `${from} is not in the table of scripts/import_table.ts`;
  const target = localTarget(path, specifier);
  if (target === null) return problemWithPackage(path, specifier);
  const to = layerOf(target);
  if (to === from || to === 'errors') return null;
  const file = target.replace(/^src\/|\.ts$/g, '');
  const allowed = [...(layer.imports ?? []), ...(typeOnly ? (layer.types ?? []) : [])];
  if (allowed.includes(to) || allowed.includes(file)) return null;
  const ofTypes = layer.types?.length ? `, types also of ${layer.types.join(', ')}` : '';
  return `${from} may import ${layer.imports?.join(', ') ?? 'nothing'}${ofTypes}`;
}

function problemWithPackage(path: string, specifier: string): string | null {
  const layer = LAYERS[layerOf(path)];
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    const allowed = layer.node === true || MAY_USE_NODE.some((pattern) => pattern.test(path));
    return allowed ? null : 'only the command line and the files that MAY_USE_NODE names use modules of Node';
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (layer.packages?.includes(name)) return null;
  return `${layerOf(path)} may use ${layer.packages?.join(', ') ?? 'no package'}`;
}

/** Each cycle once, as the files along it with the first repeated at the end. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path]);
    if (start >= 0 || done.has(path)) return;
    trail.push(path);
    for (const next of graph.get(path) ?? []) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return found;
}
