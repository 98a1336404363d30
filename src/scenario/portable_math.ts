/**
 * exp, log and rotations from + − × ÷ alone. Math.exp, Math.log, Math.cos and ** may differ in the last bit from one JavaScript engine to
 * the next; these give the same bits everywhere, so a generated distribution has the same hash in every browser.
 */

// ln 2 in two parts, as in FreeBSD's e_exp.c: the first has so few bits that its products with exponents are exact.
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

/** e^x for x ≤ 0, relative error below 1e-15; 0 below −708. */
export function portableExp(x: number): number {
  if (x < -708) return 0;
  const halvings = Math.round(-x / (LN2_HIGH + LN2_LOW));
  const rest = x + halvings * LN2_HIGH + halvings * LN2_LOW; // |rest| ≤ ln(2)/2
  let sum = 1;
  for (let n = 16; n >= 1; n--) sum = 1 + (rest * sum) / n; // Taylor: 0.347^17/17! < 1e-22
  return sum * powerOfHalf(halvings);
}

/** ln x for x ≥ 1, absolute error below 1e-14. */
export function portableLog(x: number): number {
  let doublings = 0;
  while (x > Math.SQRT2) {
    x /= 2;
    doublings++;
  }
  const ratio = (x - 1) / (x + 1); // ln x = 2 artanh(ratio), |ratio| ≤ 0.172
  const square = ratio * ratio;
  let sum = 0;
  for (let n = 23; n >= 1; n -= 2) sum = 1 / n + square * sum;
  return doublings * LN2_HIGH + (doublings * LN2_LOW + 2 * ratio * sum);
}

/** Cosine and sine of an angle in degrees, absolute error below 1e-15 for |degrees| ≤ 360; multiples of 90 are exact. */
export function portableRotation(degrees: number): readonly [cosine: number, sine: number] {
  const quarters = Math.round(degrees / 90);
  const angle = ((degrees - 90 * quarters) * Math.PI) / 180; // |angle| ≤ π/4
  const square = angle * angle;
  let cosine = 1;
  let sine = 1;
  for (let n = 18; n >= 2; n -= 2) {
    cosine = 1 - (square * cosine) / (n * (n - 1));
    sine = 1 - (square * sine) / (n * (n + 1));
  }
  sine *= angle;
  switch (((quarters % 4) + 4) % 4) {
    case 0:
      return [cosine, sine];
    case 1:
      return [-sine, cosine];
    case 2:
      return [-cosine, -sine];
    default:
      return [sine, -cosine];
  }
}

/** 2^−n, exact for 0 ≤ n ≤ 1022. */
function powerOfHalf(n: number): number {
  let result = 1;
  for (let factor = 0.5; n > 0; n >>= 1) {
    if ((n & 1) === 1) result *= factor;
    factor *= factor;
  }
  return result;
}
