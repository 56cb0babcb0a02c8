// Package stats holds the statistics of entscope: numbers in, numbers with
// warnings out. It knows no domain (no parent, no school, no file) and imports
// only gonum and the standard library.
//
// What an edition of logs holds is not rows but sums by cluster, life tables
// and fixed-bin histograms, so most functions here take grouped data. A
// cluster is what was drawn (a school); the units inside it resemble each
// other, and an interval that ignores clusters covers far less than it says.
// The way of a number is:
//
//  1. the caller hands slices with one entry per cluster, group or bin;
//  2. a point estimate is computed from all of it;
//  3. its variance comes from what each cluster contributes
//     ([ClusterRatio], [JackknifeClusters], cluster-robust regressions);
//  4. an [Estimate] goes back with its interval, its degrees of freedom, the
//     name of its method and every [Estimate.Warnings] a reader must see.
//
// By subject:
//
//   - shares and rates by cluster: [ClusterShare], [ClusterRatio], [ClusterRatioWithin],
//     [ClusterRatioOfRatios], [ClusterDifference], [ClusterShareDifference];
//     anything else by cluster: [JackknifeClusters];
//   - independent units: [Wilson], [FisherExact], [McNemar], [Kendall], [Spearman];
//   - models: [Linear], [Binomial], [Counts], [DiscreteHazard], with the likeness of a
//     cluster in the model [Exchangeable] and [RandomIntercept];
//   - time to an event: [KaplanMeierClusters], [CompetingClusters], [LogRank],
//     [LogRankClusters];
//   - inequality: [GiniClusters], [TopShareClusters], [GradientClusters] (slope
//     and relative index, concentration, Erreygers), [TheilSums];
//   - series: [SegmentedRegression], [Autoregressive];
//   - latent classes of counts: [FitTwoClasses];
//   - matched arms and their doubts: [StandardizedDifference], [JointTest], [EValue];
//   - studies of one quantity: [RandomEffects];
//   - planning: [Detectable], [ICCOneWay], [DesignEffect];
//   - families of tests: [Holm], [BenjaminiHochberg];
//   - what is only known in part: [ManskiBounds], [HistogramQuantile].
//
// Expected numbers of the tests come from the R code in testdata/*.R; the coverage
// of the intervals from simulation stands in testdata/coverage.txt.
//
// Conventions. A result that does not exist is NaN, never 0. Faults of the data
// (nobody, values that are no number, too few clusters, separation, no convergence,
// a boundary) are warnings that carry their number: TestNoSilentNumber tries every
// exported function on degenerate inputs. Faults of the caller (slices of unequal length, a level
// outside (0, 1)) panic, as in gonum. Nothing depends on a clock or on the
// order of a map.
package stats
