/**
 * What the parity tests compare, computed in the runtime that imports this: Node, Deno or a browser. Plain JavaScript
 * that needs nothing but `navigator.gpu` and the built engine.
 */

/**
 * @param {typeof import('../../src/index.ts')} engine
 * @param {{ scenarios: { name: string }[], knownAnswers: { code: string, inputs: number[] } }} input
 */
export async function parityReport(engine, { scenarios, knownAnswers }) {
  const start = performance.now();
  const platform = engine.browserPlatform();
  const gpu = await platform.openGpu();
  if ('missing' in gpu) throw new Error(`navigator.gpu is not there: ${gpu.missing}`);
  const words = await wordsOnGpu(gpu, knownAnswers);
  const options = {
    spawn: platform.spawnWorker,
    threads: platform.threads,
    memoryLimit: platform.memoryLimit,
  };
  const backends = {
    cpu: engine.createCpuBackend(options),
    webgpu: await engine.createGpuBackend(gpu), // runs the self-test: throws bad-adapter on a wrong word
  };
  const results = [];
  for (const document of scenarios) {
    const ecosystem = await load(engine, document);
    results.push({
      name: document.name,
      cpu: await simulate(engine, backends.cpu, ecosystem),
      webgpu: await simulate(engine, backends.webgpu, ecosystem),
    });
  }
  const whole = await engine.runScenario(await load(engine, scenarios[0]), { backend: 'webgpu', platform });
  const adapter = backends.webgpu.description;
  for (const backend of Object.values(backends)) backend.destroy();
  return {
    runtime: platform.runtime,
    adapter,
    words,
    results,
    run: { backend: whole.backend, counts: plain(whole.counts), reward: plain(whole.series.reward) },
    timeMs: Math.round(performance.now() - start),
  };
}

/** @param {typeof import('../../src/index.ts')} engine @param {object} document */
function load(engine, document) {
  const csv = () => Promise.reject(new Error('parity scenarios read no CSV'));
  return engine.loadScenario(JSON.stringify(document), '', { dataset: engine.loadDataset, csv });
}

/**
 * @param {typeof import('../../src/index.ts')} engine
 * @param {import('../../src/index.ts').Backend} backend
 * @param {import('../../src/index.ts').Ecosystem} ecosystem
 */
async function simulate(engine, backend, ecosystem) {
  const start = performance.now();
  const simulation = await backend.createSimulation(engine.ensembleOf(ecosystem), { stable: null });
  try {
    const measures = await simulation.advance(ecosystem.rounds);
    return {
      counts: plain(await simulation.counts()),
      distributions: plain(await simulation.distributions()),
      measures: plain(measures.models),
      timeMs: Math.round(performance.now() - start),
    };
  } finally {
    simulation.destroy();
  }
}

/** JSON has no typed arrays. @param {ArrayLike<number> | null} values */
function plain(values) {
  return values === null ? null : Array.from(values);
}

/** Runs test/support/parity_known_answers.wgsl. @param {GPU} gpu @param {{ code: string, inputs: number[] }} answers */
async function wordsOnGpu(gpu, { code, inputs }) {
  const [STORAGE, COPY_SRC, COPY_DST, MAP_READ] = [0x80, 4, 8, 1]; // GPUBufferUsage is not global in every runtime
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new Error('navigator.gpu offers no adapter');
  const device = await adapter.requestDevice();
  const given = device.createBuffer({ size: 4 * inputs.length, usage: STORAGE | COPY_DST });
  device.queue.writeBuffer(given, 0, Uint32Array.from(inputs));
  const size = 2 * inputs.length;
  const words = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
  const read = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
  const module = device.createShaderModule({ code });
  const pipeline = await device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module, entryPoint: 'main' },
  });
  const entries = [given, words].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(inputs.length / 8);
  pass.end();
  encoder.copyBufferToBuffer(words, 0, read, 0, size);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(1);
  const answers = plain(new Uint32Array(read.getMappedRange().slice(0)));
  device.destroy();
  return answers;
}
