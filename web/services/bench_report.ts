/** The schema of measurements on the page; apart, because most visits need none. */
import '../csp_safe.ts';
export { benchReportSchema } from '../../bench/measure/report.ts';
