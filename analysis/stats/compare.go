package stats

// ClusterRatioOfRatios estimates (Σnum1/Σden1)/(Σnum2/Σden2): a rate ratio
// between two groups, or a ratio of changes (after/before of an arm over
// after/before of its controls). Entry g of every slice belongs to cluster g; a
// cluster that serves one group only has zeros for the other, so shared and
// separate clusters are both right.
//
// Interval: [JackknifeClusters] on the log scale. Each group needs
// [MinClusters] clusters that bring something; a value of 0 gets no interval.
func ClusterRatioOfRatios(num1, den1, num2, den2 []float64, level float64) Estimate {
	return compare(num1, den1, num2, den2, level, Log, func(a, b float64) float64 { return a / b })
}

// ClusterDifference estimates Σnum1/Σden1 − Σnum2/Σden2, as
// [ClusterRatioOfRatios] does, with an interval on the identity scale. For
// shares see [ClusterShareDifference].
func ClusterDifference(num1, den1, num2, den2 []float64, level float64) Estimate {
	return compare(num1, den1, num2, den2, level, Identity, func(a, b float64) float64 { return a - b })
}

// ClusterShareDifference is [ClusterDifference] of two shares, with an interval
// on Fisher's scale (atanh), inside (-1, 1).
func ClusterShareDifference(num1, den1, num2, den2 []float64, level float64) Estimate {
	return compare(num1, den1, num2, den2, level, Fisher, func(a, b float64) float64 { return a - b })
}

func compare(num1, den1, num2, den2 []float64, level float64, t Transform, f func(a, b float64) float64) Estimate {
	checkLengths(len(num1), len(den1), len(num2), len(den2))
	checkLevel(level)
	if e := (Estimate{Method: "ratio of ratios"}); !e.sound(of(den1, den2), num1, num2) {
		return e
	}
	var sums [4]float64
	var n1, n2 int
	var kept []int
	for i := range num1 {
		first, second := brings(num1[i], den1[i]), brings(num2[i], den2[i])
		if first {
			n1++
		}
		if second {
			n2++
		}
		if first || second {
			kept = append(kept, i)
		}
		for k, s := range [][]float64{num1, den1, num2, den2} {
			sums[k] += s[i]
		}
	}
	without := func(skip int) float64 {
		s := sums
		if skip >= 0 {
			i := kept[skip]
			s = [4]float64{s[0] - num1[i], s[1] - den1[i], s[2] - num2[i], s[3] - den2[i]}
		}
		return f(s[0]/s[1], s[2]/s[3])
	}
	if min(n1, n2) < MinClusters {
		e := Estimate{Value: number(without(-1)), Clusters: min(n1, n2), Method: "ratio of ratios"}
		e.enough()
		return e
	}
	return JackknifeClusters(len(kept), without, level, t)
}
