/** The part of jStat that the statistical tests use; the package has no types of its own. */
declare module 'jstat' {
  interface Distribution {
    cdf(x: number, degreesOfFreedom: number): number;
  }
  interface Normal {
    cdf(x: number, mean: number, deviation: number): number;
  }
  const jstat: { readonly chisquare: Distribution; readonly normal: Normal };
  export = jstat;
}
