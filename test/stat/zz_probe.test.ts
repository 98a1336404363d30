import { it } from 'vitest';
import { statesAfter } from '/work/main/test/stat/networks.ts';
import { trainingLaw } from '/work/main/test/stat/laws.ts';
import { openTestBackend } from '/work/main/test/support/gpu.ts';
const p=[.1,.2,.3,.4];
it('speed', async () => {
  const gpu = await openTestBackend();
  console.log(gpu.description);
  for (const K of [2,4,7,Infinity]) for (const w of [0,1]) {
    const shape={seed:5,curators:[{reward:[.5,-1,.25,0],temperature:.5,candidates:K}],models:[{real:p,realWeight:0,sources:[{producer:0,weight:1,...(w?{curator:0}:{})}],population:1e6}]};
    let t=performance.now(); const a=await statesAfter(shape,[1]); const tc=performance.now()-t; t=performance.now();
    const b=await statesAfter(shape,[1],gpu); console.log(K,w,tc,performance.now()-t,a[0].counts,b[0].counts,trainingLaw(shape,0,[p]));
  }
  // tilt with a rare best outcome
  for (const gap of [10,12,14,16]) {
    const q=[1e-6,.5,.499999]; const shape={seed:5,curators:[{reward:[gap,0,0],candidates:Infinity}],models:[{real:q,realWeight:0,sources:[{producer:0,weight:1,curator:0}],population:1e6}]};
    const a=await statesAfter(shape,[1]); console.log('gap',gap,a[0].counts,trainingLaw(shape,0,[q]).map(x=>x*1e6));
  }
  // mixed limit and finite
  const shape={seed:5,curators:[{reward:[.5,-1,.25,0],temperature:.5,candidates:4}],models:[{real:p,realWeight:.1,sources:[{producer:0,weight:.5,curator:0},{producer:0,weight:.4}],population:0},{real:p,realWeight:0,sources:[{producer:0,weight:1}],population:2**29 >>> 4}]};
  const a=await statesAfter(shape,[1,2,3,4]), b=await statesAfter(shape,[1,2,3,4],gpu);
  a.forEach((s,k)=>console.log('mixed',s.counts.slice(4),b[k].counts.slice(4)));
  gpu.destroy();
});
