import type { DoctorReport } from '../engine/index.ts';
import type { Paint } from './paint.ts';
import { printable } from './text_table.ts';

/** Limits that decide how large a scenario can be; the others are in the JSON document. */
const LIMITS_SHOWN = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeInvocationsPerWorkgroup'];

/** What `backfire doctor` found, for people. */
export function doctorText(report: DoctorReport, version: string, paint: Paint): string {
  const { webgpu, cpu, choice } = report;
  const lines = [
    `${paint.strong(`backfire ${version}`)} on ${report.runtime}`,
    '',
    `${paint.strong('WebGPU')}: ${webgpu.available ? 'available' : 'not available'}${webgpu.reason === '' ? '' : ` — ${webgpu.reason}`}`,
  ];
  for (const adapter of webgpu.adapters) {
    const passed = adapter.selfTest === 'passed';
    const verdict = passed
      ? paint.gain('self-test passed')
      : paint.loss(`self-test failed: ${adapter.selfTest}`);
    const limits = LIMITS_SHOWN.filter((name) => adapter.limits[name] !== undefined);
    lines.push(
      `  ${printable(adapter.description)} (${adapter.software ? 'software' : 'hardware'}): ${verdict}`,
      `    features: ${adapter.features.length === 0 ? 'none' : adapter.features.join(', ')}`,
      `    limits: ${limits.map((name) => `${name} ${adapter.limits[name].toLocaleString('en-US')}`).join(', ')}`,
    );
  }
  lines.push(
    '',
    `${paint.strong('CPU')}: ${cpu.description}`,
    '',
    `--backend auto takes ${paint.strong(choice.backend)}: ${choice.reason}`,
    '',
  );
  return lines.join('\n');
}
