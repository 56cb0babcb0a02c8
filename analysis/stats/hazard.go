package stats

// DiscreteHazard fits the discrete-time proportional hazards model on life
// tables: events among units at risk by row (bin × cell), complementary log-log
// link, so that exp(coefficient) is a hazard ratio of the underlying continuous
// time. x must hold the baseline (a constant and the bins, or a smooth function
// of them). Source: Prentice & Gloeckler 1978 (Biometrics 34); Allison 1982.
func DiscreteHazard(events, atRisk []float64, x [][]float64, cluster []int, v Variance) Regression {
	return Binomial(events, atRisk, x, BinomialOptions{Link: CloglogLink, Cluster: cluster, Variance: v})
}
