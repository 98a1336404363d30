/** The part of jStat that the statistical tests use; the package has no types of its own. */
declare module 'jstat' {
  interface Distribution {
    cdf(x: number, degreesOfFreedom: number): number;
  }
  const jstat: { readonly chisquare: Distribution };
  export = jstat;
}
