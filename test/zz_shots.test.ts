import { it } from 'vitest';
import { openBrowser } from '/work/main/test/support/browser.ts';
import { serve } from '/work/main/test/support/static_server.ts';
it('shots', async () => {
  const s = await serve({ '/': '/tmp/page-parity/web' }); const b = await openBrowser();
  const page = await b.newPage();
  page.on('console', (m) => console.log('console', m.type(), m.text())); page.on('pageerror', (e) => console.log('pageerror', e));
  page.on('requestfailed', r => console.log('failed', r.url()));
  for (const [id, backend] of (process.env.SHOTS ?? 'two-eras:auto,a4:webgpu,hub-1000:auto,three-models:cpu').split(',').map(x => x.split(':'))) {
    await page.setViewport({ width: 1440, height: 900 });
    await page.goto('about:blank'); await page.goto(`${s.origin}/#${id}`);
    await page.waitForSelector('backfire-run');
    await page.waitForFunction(() => document.querySelector('backfire-run')!.shadowRoot!.querySelector('.machine')!.textContent!.includes('adapter:'));
    if (id==='two-eras') await page.screenshot({ path: `/tmp/page-parity/idle.png` });
    await page.evaluate((b) => { const r = document.querySelector('backfire-run')!.shadowRoot!; (r.querySelector(`input[value=${b}]`) as HTMLElement).click(); (r.querySelector('button') as HTMLElement).click(); }, backend);
    const t = performance.now();
    await page.waitForFunction(() => document.querySelector('backfire-run')!.shadowRoot!.querySelector('table, .failure'), { timeout: 90000 });
    console.log(id, backend, Math.round(performance.now() - t), await page.evaluate(() => document.querySelector('backfire-run')!.shadowRoot!.querySelector('.main')!.textContent!.replace(/\s+/g, ' ').slice(0, 1500)));
    for (const theme of ['light', 'dark']) for (const [w, h] of [[1440, 900], [390, 844]]) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }]);
      await page.setViewport({ width: w, height: h, deviceScaleFactor: w < 500 ? 2 : 1 });
      await new Promise(r => setTimeout(r, 400));
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) console.log('overflow', id, w, over);
      await page.screenshot({ path: `/tmp/page-parity/${id}-${theme}-${w}.png`, fullPage: id !== 'hub-1000' || w < 500 });
    }
  }
  await b.close(); await s.close();
}, 300000);
