package stats

import (
	"math"
	"testing"
)

// datasets::Nile of R, yearly flow at Aswan 1871–1970 (Cobb 1978, Biometrika 65).
var nile = []float64{1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180,
	799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020,
	1050, 969, 831, 726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759,
	781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838,
	1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740}

// Expected numbers: testdata/series.R.
func TestSegmentedRegression(t *testing.T) {
	s := Segments{Breaks: []int{28}, Lag: 0}
	f := SegmentedRegression(nile, s)
	nearAll(t, "coef", f.Coef, []float64{1082.0960591133, 1.1595511767926, -289.102685366384, -0.469088767634451})
	nearAll(t, "lag 0", f.SE, []float64{47.4150217995183, 2.66949746577022, 53.2937687481918, 2.77256941616857})
	s.Lag = 3
	f = SegmentedRegression(nile, s)
	nearAll(t, "lag 3", f.SE, []float64{32.4943321784794, 2.56508712623586, 63.7037626186773, 2.70246745781326})
	e := f.Coefficient(f.LevelAt(0), 0.95)
	if !(e.High < -150 && e.Low > -450) || e.DF != 96 {
		t.Errorf("fall of 1899: %+v", e)
	}
	season := SegmentedRegression(nile, Segments{Breaks: []int{28}, Period: 10, Harmonics: 2, Lag: -1})
	if len(season.Coef) != 8 || math.IsNaN(season.SE[7]) {
		t.Errorf("season: %v", season.Coef)
	}
	wantPanic(t, "break at the edge", func() { SegmentedRegression(nile, Segments{Breaks: []int{99}}) })
}
