// Two samples of times that are not normally distributed: the test of Mann, Whitney and Wilcoxon, and how far apart they are by
// Hodges and Lehmann, with its confidence interval.

/**
 * @param {number[]} ones
 * @param {number[]} others
 * @returns the medians; the difference (the median of all differences of a pair) and its interval of 95 %; the share of pairs
 *   in which the one is larger (a half: nothing to be seen); and the probability, two-sided, of seeing as much by chance
 */
export function compare(ones, others) {
  const differences = new Float64Array(ones.length * others.length);
  let larger = 0;
  let at = 0;
  for (const one of ones) {
    for (const other of others) {
      larger += one > other ? 1 : one === other ? 0.5 : 0;
      differences[at++] = one - other;
    }
  }
  differences.sort();
  const pairs = differences.length;
  const deviation = Math.sqrt((pairs * (ones.length + others.length + 1)) / 12);
  const margin = Math.round(pairs / 2 - 1.96 * deviation);
  return {
    medians: [median(ones), median(others)],
    difference: differences[pairs >> 1],
    interval: [differences[margin], differences[pairs - 1 - margin]],
    share: larger / pairs,
    p: 2 * upperTail(Math.abs(larger - pairs / 2) / deviation),
  };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

/** Of the standard normal distribution (Abramowitz and Stegun 26.2.17: off by at most 7.5e-8). */
function upperTail(z) {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
