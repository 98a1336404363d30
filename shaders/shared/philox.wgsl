// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw (SC 2011).
// WGSL has no 64-bit product, so the high word is put together from four 16-bit products.
// Mirror: src/random/philox.ts, bit for bit.

const PHILOX_M0: u32 = 0xd2511f53u;
const PHILOX_M1: u32 = 0xcd9e8d57u;
const PHILOX_W0: u32 = 0x9e3779b9u;
const PHILOX_W1: u32 = 0xbb67ae85u;

/// High 32 bits of a·b.
fn mul_high(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let middle = a_high * b_low + ((a_low * b_low) >> 16u);
  let carry = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16u) + (carry >> 16u);
}

/// The four random words at `counter` under `key`.
fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let high_0 = mul_high(PHILOX_M0, c.x);
    let high_1 = mul_high(PHILOX_M1, c.z);
    c = vec4u(high_1 ^ c.y ^ k.x, PHILOX_M1 * c.z, high_0 ^ c.w ^ k.y, PHILOX_M0 * c.x);
    k += vec2u(PHILOX_W0, PHILOX_W1);
  }
  return c;
}
