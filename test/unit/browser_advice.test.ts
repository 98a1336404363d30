import { expect, it } from 'vitest';
import { webgpuAdvice } from '../../src/platform/browser_advice.ts';

const GECKO = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox';
const KHTML = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';

it.each([
  [`${GECKO}/128.0`, /^this is Firefox 128, and Firefox offers it from version 141 on Windows.*: update it$/],
  [`${GECKO}/153.0`, /^Firefox 153 does not offer it here.*dom\.webgpu\.enabled/],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${KHTML} Chrome/109.0.0.0 Safari/537.36`,
    /^this is Chrome 109.*from version 113/,
  ],
  [
    `Mozilla/5.0 (X11; Linux x86_64) ${KHTML} Chrome/143.0.0.0 Safari/537.36`,
    /^Chrome 143 .*enable-unsafe-webgpu/,
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${KHTML} Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0`,
    /^Edge 141 does not/,
  ],
  [
    `${MAC} Version/17.4 Safari/605.1.15`,
    /^this is Safari 17, and Safari offers it from version 26 on macOS/,
  ],
  [`${MAC} Version/26.1 Mobile/15E148 Safari/604.1`, /^Safari 26 does not offer it here/],
  ['curl/8.0', /^this browser does not offer it: use a current Chrome/],
])('%s', (userAgent, advice) => {
  expect(webgpuAdvice(userAgent)).toMatch(advice);
});
