/** docs/reproduction.md from the reports of all reproductions. */

/**
 * @typedef {{ name: string, expected: number | null, got: number | null, tolerance: number | null, source: string, pass: boolean, note?: string }} Check
 * @typedef {{ name: string, published: number | null, got: number | null, source: string, note?: string }} Comparison
 * @typedef {{ name: string, caption: string }} Figure
 * @typedef {{ name: string, title: string, summary: string, source: string, pass: boolean, checks: Check[], comparisons: Comparison[], findings: string[], figures: Figure[], timeMs: number }} Report
 */

/**
 * @param {readonly Report[]} reports
 * @param {(name: string, figure: string) => string} pathOf where a figure of a reproduction lies, seen from docs/
 */
export function reproductionPage(reports, pathOf) {
  return [
    '# What reproduces, and what does not',
    '',
    'Made by `npm run docs` from the reports of `backfire reproduce`, so every number here was computed when this page was written. A check holds',
    'a number against what it should be and fails the command when it is off; a _comparison_ shows a published number beside ours without',
    'asking for agreement, because not every published number can be reproduced. Why not is said under each heading.',
    '',
    table(
      ['reproduction', 'what', 'checks', 'published numbers beside ours', 'time'],
      reports.map(({ name, title, checks, comparisons, timeMs }) => [
        `[\`${name}\`](#${name})`,
        title,
        `${checks.filter(({ pass }) => pass).length} of ${checks.length} pass`,
        String(comparisons.length),
        `${(timeMs / 1000).toFixed(1)} s`,
      ]),
    ),
    '',
    'Times are of one machine with two cores and no GPU; they are there for the order of magnitude.',
    ...reports.flatMap((report) => section(report, pathOf)),
    '',
  ].join('\n');
}

/**
 * @param {Report} report
 * @param {(name: string, figure: string) => string} pathOf
 */
function section({ name, title, summary, source, checks, comparisons, findings, figures }, pathOf) {
  return [
    '',
    `## ${name}`,
    '',
    `**${title}.** ${summary} Source: ${source}. \`backfire reproduce ${name}\``,
    '',
    ...findings.map((finding) => `- ${finding}`),
    ...figures.flatMap((figure) => ['', `![${figure.caption}](${pathOf(name, figure.name)})`]),
    '',
    ...details(
      `All ${checks.length} checks`,
      ['number', 'expected', 'got', 'tolerance', 'source', ''],
      checks.map((check) => [
        check.note === undefined ? check.name : `${check.name} (${check.note})`,
        digits(check.expected),
        digits(check.got),
        check.tolerance === null ? '–' : String(Number(check.tolerance.toPrecision(2))),
        check.source,
        check.pass ? 'pass' : '**fails**',
      ]),
    ),
    ...(comparisons.length === 0
      ? []
      : [
          '',
          ...details(
            `${comparisons.length} published numbers beside ours`,
            ['number', 'published', 'got', 'source', 'why they differ'],
            comparisons.map((one) => [
              one.name,
              digits(one.published),
              digits(one.got),
              one.source,
              one.note ?? '',
            ]),
          ),
        ]),
  ];
}

/**
 * @param {string} title
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function details(title, header, rows) {
  return ['<details>', `<summary>${title}</summary>`, '', table(header, rows), '', '</details>'];
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function table(header, rows) {
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function digits(/** @type {number | null} */ value) {
  return value === null ? '–' : String(Number(value.toPrecision(8)));
}
