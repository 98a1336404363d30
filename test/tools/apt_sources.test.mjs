import { expect, test } from 'vitest';
import { backportsEntries } from '../../scripts/lib/apt_sources.mjs';

const DEBIAN = `# The distribution
Types: deb deb-src
# A snapshot is at elsewhere.example
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
`;

test('a deb822 entry is copied with its key', () => {
  expect(
    backportsEntries([{ path: '/etc/apt/sources.list.d/debian.sources', text: DEBIAN }], 'bookworm'),
  ).toEqual([
    {
      extension: 'sources',
      text: [
        'Types: deb',
        'URIs: http://mirror.example/debian',
        'Suites: bookworm-backports',
        'Components: main',
        'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
        '',
      ].join('\n'),
    },
  ]);
});

test('a key written into the entry is kept whole', () => {
  const text = DEBIAN.replace(
    'Signed-By: /usr',
    'Signed-By:\n -----BEGIN KEY-----\n .\n abc\n -----END KEY-----\nX-Path: /usr',
  );
  const [entry] = backportsEntries([{ path: 'a.sources', text }], 'bookworm');
  expect(entry.text).toContain('Signed-By:\n -----BEGIN KEY-----\n .\n abc\n -----END KEY-----\n');
});

test('a one-line entry is copied with its options', () => {
  const text = [
    '# deb http://off.example/debian bookworm main',
    'deb-src http://source.example/debian bookworm main',
    'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib # ours',
    'deb http://mirror.example/security bookworm-security main',
  ].join('\n');
  expect(backportsEntries([{ path: '/etc/apt/sources.list', text }], 'bookworm')).toEqual([
    {
      extension: 'list',
      text: 'deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm-backports main\n',
    },
  ]);
});

test('the mirror that has the updates comes before other vendors, and disabled entries are left out', () => {
  const files = [
    { path: 'vendor.list', text: 'deb http://vendor.example/apt bookworm main' },
    { path: 'debian.sources', text: DEBIAN },
    { path: 'off.sources', text: `Enabled: no\n${DEBIAN.replaceAll('mirror.example', 'off.example')}` },
  ];
  const texts = backportsEntries(files, 'bookworm').map(({ text }) => text);
  expect(texts.map((text) => /http:\S+/.exec(text)?.[0])).toEqual([
    'http://mirror.example/debian',
    'http://vendor.example/apt',
  ]);
});

test('a release that no entry serves gives nothing', () => {
  expect(backportsEntries([{ path: 'debian.sources', text: DEBIAN }], 'trixie')).toEqual([]);
});
