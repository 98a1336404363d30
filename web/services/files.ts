/** Files to the user's disk, and pictures from drawings. */

export function saveFile(name: string, type: string, parts: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; without this the file stays in memory for as long as the page lives.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

/** An SVG document as PNG, `scale` pixels to the unit. */
export async function pngOfSvg(svg: string, scale = 2): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.ceil(image.width * scale)),
    Math.max(1, Math.ceil(image.height * scale)),
  );
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser draws no pictures outside the page');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/png' });
}
