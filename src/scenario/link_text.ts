/** JSON as a value in a link: readable while it is short, compressed where that is shorter. */
import { InputError } from '../errors.ts';
import { grouped } from './problems.ts';

export const LINK_LIMITS = {
  /** Characters of a whole link's fragment. */
  length: 65_536,
  /** Bytes of the JSON text that a link may unpack to: 20 times what its characters hold, checked within seconds. */
  jsonBytes: 2 ** 20,
  /** Values up to this length stay readable even where compression would shorten them. */
  readable: 200,
} as const;

/** A field's value as it stands in a fragment: what RFC 3986 does not allow there, and "&", percent-encoded. */
export function escapeValue(value: string): string {
  return encodeURIComponent(value).replace(/%(?:24|2C|2F|3A|40)/g, decodeURIComponent);
}

/** Throws InputError where a link of that many characters would be too long. */
export function refuseLongLink(length: number): void {
  if (length <= LINK_LIMITS.length) return;
  throw new InputError(
    'link',
    `it would have ${grouped(length)} characters, and a link may have ${grouped(LINK_LIMITS.length)} — ` +
      'save the scenario as a JSON file and share that instead',
  );
}

/** Throws InputError where JSON text of that many bytes is too large for a link. */
export function refuseLargeJson(bytes: number): void {
  if (bytes <= LINK_LIMITS.jsonBytes) return;
  throw new InputError(
    'link',
    `the scenario is ${grouped(bytes)} bytes of JSON, and a link holds up to ${grouped(LINK_LIMITS.jsonBytes)} — ` +
      'save it as a JSON file and share that instead',
  );
}

/** JSON text as a field's value, not yet percent-encoded. Throws InputError where the text is too large for a link. */
export async function packJson(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  refuseLargeJson(bytes.length);
  const readable = swapSigns(text);
  const length = escapeValue(readable).length;
  if (length <= LINK_LIMITS.readable) return readable;
  const packed = base64Url(await deflate(bytes));
  return packed.length < length ? packed : readable;
}

/** The JSON text in such a value: written by packJson, or plain JSON. Throws InputError where it is damaged. */
export async function unpackJson(value: string): Promise<string> {
  if (value.startsWith('(')) return swapSigns(value);
  if (value.startsWith('{')) return value;
  return inflate(bytesOf(value));
}

const SIGNS = new Map([...'\'"(){}'].map((sign, index) => [sign, '"\'{}()'[index]]));

/** Exchanges the signs that JSON needs and links must escape for signs that links allow; its own inverse. */
function swapSigns(text: string): string {
  return text.replace(/['"(){}]/g, (sign) => SIGNS.get(sign) ?? sign);
}

/** zlib format (RFC 1950): unlike raw deflate it ends with a checksum, so a damaged link is noticed. */
const FORMAT = 'deflate';

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(FORMAT));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(FORMAT)).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      length += value.byteLength;
      if (length > LINK_LIMITS.jsonBytes) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    throw new InputError(
      '',
      'the packed text is damaged — part of the link may be missing, ask for it again',
    );
  }
  await reader.cancel().catch(() => undefined);
  throw new InputError(
    '',
    `the packed text is larger than ${grouped(LINK_LIMITS.jsonBytes)} bytes, more than a link may hold`,
  );
}

function base64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const stray = /[^\w-]/.exec(text);
  if (stray !== null || text.length % 4 === 1 || text === '') {
    const what = stray === null ? `${grouped(text.length)} characters` : JSON.stringify(stray[0]);
    throw new InputError(
      '',
      `neither JSON nor packed text (saw ${what}) — part of the link may be missing, ask for it again`,
    );
  }
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
