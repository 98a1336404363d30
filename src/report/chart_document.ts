/** An empty document for drawing charts where there is no page. */
export async function emptyDocument(): Promise<Document> {
  const { parseHTML } = await import('linkedom');
  return parseHTML('<!doctype html><html><body></body></html>').document;
}
