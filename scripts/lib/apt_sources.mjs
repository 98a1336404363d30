/**
 * Finds, in the machine's own apt configuration, where the backports suite of its Debian release lies: on the mirror
 * that serves the release itself, signed by the same key.
 */

/**
 * @typedef {object} SourceFile
 * @property {string} path
 * @property {string} text
 */

/**
 * The apt entries to try for `<codename>-backports`, likeliest first. Each is a copy of an entry that serves the
 * release's `main` with the suite replaced, so that mirror, key and options stay the machine's own.
 * @param {readonly SourceFile[]} files /etc/apt/sources.list and what lies in sources.list.d
 * @param {string} codename such as `bookworm`
 * @returns {{ extension: 'list' | 'sources', text: string }[]}
 */
export function backportsEntries(files, codename) {
  const entries = files.flatMap(({ path, text }) =>
    path.endsWith('.sources') ? deb822Entries(text, codename) : oneLineEntries(text, codename),
  );
  // A distribution's own mirror serves its updates too; other vendors' repositories do not.
  const mirrors = new Set(
    entries.filter(({ suite }) => suite === `${codename}-updates`).map(({ uri }) => uri),
  );
  const releases = entries.filter(({ suite }) => suite === codename);
  const likely = [
    ...releases.filter(({ uri }) => mirrors.has(uri)),
    ...releases.filter(({ uri }) => !mirrors.has(uri)),
  ];
  return likely.map(({ extension, text }) => ({ extension, text }));
}

/**
 * @typedef {object} Entry
 * @property {string} uri
 * @property {string} suite
 * @property {'list' | 'sources'} extension
 * @property {string} text
 */

/** @returns {Entry[]} one for each URI and suite of each stanza */
function deb822Entries(/** @type {string} */ text, /** @type {string} */ codename) {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const fields = deb822Fields(stanza);
      const words = (/** @type {string} */ name) =>
        (fields.get(name)?.value ?? '').split(/\s+/).filter(Boolean);
      const enabled = !['no', 'false', '0'].includes(words('enabled')[0] ?? 'yes');
      if (!enabled || !words('types').includes('deb') || !words('components').includes('main')) return [];
      const kept = [...fields].filter(([name]) => !['types', 'uris', 'suites', 'components'].includes(name));
      return words('uris').flatMap((uri) =>
        words('suites').map((suite) => ({
          uri,
          suite,
          extension: /** @type {const} */ ('sources'),
          text: [
            'Types: deb',
            `URIs: ${uri}`,
            `Suites: ${codename}-backports`,
            'Components: main',
            ...kept.map(([, { text: field }]) => field),
            '',
          ].join('\n'),
        })),
      );
    });
}

/** Fields of a stanza by lower-case name: the value, and the field as written with its continuation lines. */
function deb822Fields(/** @type {string} */ stanza) {
  /** @type {Map<string, { value: string, text: string }>} */
  const fields = new Map();
  for (const field of stanza.split(/\n(?=\S)/)) {
    const match = /^([^\s:]+):([\s\S]*)$/.exec(field);
    if (match) fields.set(match[1].toLowerCase(), { value: match[2].trim(), text: field.trimEnd() });
  }
  return fields;
}

/** @returns {Entry[]} */
function oneLineEntries(/** @type {string} */ text, /** @type {string} */ codename) {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
    if (!match) return [];
    const [, options = '', uri, suite, components] = match;
    if (!components.split(/\s+/).includes('main')) return [];
    const entry = `deb ${options.trimEnd()}${options === '' ? '' : ' '}${uri} ${codename}-backports main\n`;
    return [{ uri, suite, extension: /** @type {const} */ ('list'), text: entry }];
  });
}
