const { systemBrowser } = require('./scripts/lib/browsers.cjs');

// `npm ci` never downloads a browser: `npm run setup` brings one to a machine that has none.
const executablePath = systemBrowser();

module.exports = { skipDownload: true, ...(executablePath === null ? {} : { executablePath }) };
