import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import type { HtmlTagDescriptor, Plugin } from 'vite';
import { PAGE_POLICY } from '../src/cli/page_policy.ts';

const WEB = join(import.meta.dirname, '../web');
/** The page's background in page.css, which the window's frame continues. */
const THEME_COLOURS = { light: '#f4f5f7', dark: '#101317' };

interface Icon {
  readonly file: string;
  readonly pixels: number;
  /** Systems that cut icons to a shape of their own get a full square; the icon's width as a part of it. */
  readonly partOfSquare?: number;
}

const ICONS: readonly Icon[] = [
  { file: 'icons/icon-192.png', pixels: 192 },
  { file: 'icons/icon-512.png', pixels: 512 },
  // What lies within 40 % of the width around the centre is never cut off (W3C manifest, "maskable").
  { file: 'icons/maskable-512.png', pixels: 512, partOfSquare: 0.8 },
  { file: 'icons/apple-touch-icon.png', pixels: 180, partOfSquare: 1 },
];

/**
 * Gives the built page its policy, its manifest and the icons that this names, made from web/icon.svg. Only the build:
 * the dev server injects scripts that the policy forbids.
 */
export function installablePage(): Plugin {
  return {
    name: 'backfire:page',
    apply: 'build',
    transformIndexHtml: { order: 'post', handler: () => headTags() },
    buildStart() {
      const svg = readFileSync(join(WEB, 'icon.svg'), 'utf8');
      const manifest = readFileSync(join(WEB, 'manifest.webmanifest'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'manifest.webmanifest', source: manifest });
      this.emitFile({ type: 'asset', fileName: 'icons/icon.svg', source: svg });
      for (const icon of ICONS) {
        this.emitFile({ type: 'asset', fileName: icon.file, source: picture(svg, icon) });
      }
    },
  };
}

function headTags(): HtmlTagDescriptor[] {
  const tag = (name: string, attrs: Record<string, string>, injectTo: 'head' | 'head-prepend') => ({
    tag: name,
    attrs,
    injectTo,
  });
  return [
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY }, 'head-prepend'),
    ...Object.entries(THEME_COLOURS).map(([scheme, content]) =>
      tag('meta', { name: 'theme-color', media: `(prefers-color-scheme: ${scheme})`, content }, 'head'),
    ),
    tag('link', { rel: 'manifest', href: './manifest.webmanifest' }, 'head'),
    tag('link', { rel: 'apple-touch-icon', href: './icons/apple-touch-icon.png' }, 'head'),
  ];
}

/** A PNG of the icon. */
function picture(svg: string, { pixels, partOfSquare }: Icon): Uint8Array {
  const drawing = partOfSquare === undefined ? svg : onSquare(svg, partOfSquare);
  return new Resvg(drawing, { fitTo: { mode: 'width', value: pixels } }).render().asPng();
}

/** The icon in the middle of a square of its own ground's colour. */
function onSquare(svg: string, part: number): string {
  const ground = /<rect[^>]*\sfill="(#[0-9a-f]{6})"/.exec(svg)?.[1];
  const opening = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">';
  if (ground === undefined || !svg.startsWith(opening))
    throw new Error('web/icon.svg must be 32 units wide and begin with a <rect fill="#rrggbb">, its ground');
  const size = 32 * part;
  const edge = (32 - size) / 2;
  return [
    opening,
    `<rect width="32" height="32" fill="${ground}"/>`,
    `<svg x="${edge}" y="${edge}" width="${size}" height="${size}" viewBox="0 0 32 32">`,
    svg.slice(opening.length),
    '</svg>',
  ].join('');
}
