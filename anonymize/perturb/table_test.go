package perturb

import (
	"math"
	"testing"
)

// The rows of the entropy problem of ptable (objective Σ p log p, mean 0, variance
// at most V: pt_optim_entropy.R, optim = 1, mono = FALSE), solved by SLSQP of scipy
// 1.14 as ptable solves it by that of nloptr.
func TestPublishedTables(t *testing.T) {
	for _, c := range []struct {
		design Design
		count  int
		want   map[int]float64 // by result
	}{
		{Design{1, 2, 1}, 1, map[int]float64{0: .398065, 1: .305806, 2: .194194, 3: .101935}},
		{Design{1, 2, 1}, 3, map[int]float64{1: .063827, 2: .244691, 3: .382963, 4: .244691, 5: .063827}},
		{Design{1, 3, 1}, 1, map[int]float64{0: .381433, 1: .339501, 2: .192900, 3: .069967, 4: .016200}},
		{Design{1, 3, 1}, 3, map[int]float64{0: .004508, 1: .054347, 2: .242037, 3: .398215, 4: .242037, 5: .054347}},
		{Design{3, 5, 3}, 1, map[int]float64{0: .734470, 3: .136720, 4: .072796, 5: .037430, 6: .018584}},
		{Design{3, 5, 3}, 3, map[int]float64{0: .203986, 3: .393663, 4: .247492, 5: .110568, 6: .035102, 7: .007919}},
		{Design{3, 5, 3}, 8, map[int]float64{3: .003792, 4: .016591, 7: .194193, 8: .228801, 9: .194193, 13: .003792}},
		{Design{9, 8, 5}, 1, map[int]float64{0: .836069, 5: .069972, 9: .009618}},
		{Design{9, 8, 5}, 9, map[int]float64{5: .119290, 9: .112537, 17: .011285}},
	} {
		r, err := c.design.row(c.count)
		if err != nil {
			t.Fatalf("%+v %d: %v", c.design, c.count, err)
		}
		got := map[int]float64{}
		for i, v := range r.noise {
			got[c.count+int(v)] = r.share[i]
		}
		for result, p := range c.want {
			if math.Abs(got[result]-p) > 2e-5 {
				t.Errorf("%+v: %d to %d with %.6f, want %.6f", c.design, c.count, result, got[result], p)
			}
		}
	}
}

// Every row keeps what the design says.
func TestRowsKeepTheDesign(t *testing.T) {
	for _, d := range []Design{{9, 8, 5}, {9, 8, 1}, {4, 4, 1}, {6.5, 10, 5}, {1, 2, 1}} {
		table, err := New(d)
		if err != nil {
			t.Fatal(d, err)
		}
		if noise := table.Noise(0, math.MaxUint64); noise != 0 {
			t.Errorf("%+v: 0 becomes %d", d, noise)
		}
		for count, r := range table.rows[1:] {
			count++
			var mean, sum float64
			for i, v := range r.noise {
				mean, sum = mean+r.share[i]*float64(v), sum+r.share[i]
				if result := int64(count) + v; result < 0 || result > 0 && result < int64(d.Least) {
					t.Errorf("%+v: %d becomes %d", d, count, result)
				}
				if v > int64(d.Maximum) || v < -int64(d.Maximum) {
					t.Errorf("%+v: noise %d", d, v)
				}
			}
			if math.Abs(mean) > 1e-6 || math.Abs(sum-1) > 1e-9 {
				t.Errorf("%+v: row %d has mean %g and sum %g", d, count, mean, sum)
			}
			noise := make([]float64, len(r.noise))
			for i, v := range r.noise {
				noise[i] = float64(v)
			}
			got := variance(noise, r.share)
			if got > d.Variance+1e-6 {
				t.Errorf("%+v: row %d has variance %g", d, count, got)
			}
			if count >= d.Maximum && got < d.Variance-1e-6 {
				t.Errorf("%+v: row %d has variance %g only", d, count, got)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	valid := Design{9, 8, 5}
	if _, err := New(valid); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Design){
		"no variance":      func(d *Design) { d.Variance = 0 },
		"not a number":     func(d *Design) { d.Variance = math.NaN() },
		"no maximum":       func(d *Design) { d.Maximum = 0 },
		"no least":         func(d *Design) { d.Least = 0 },
		"least too far":    func(d *Design) { d.Least = 12 },
		"variance too low": func(d *Design) { d.Variance = 2 },
		"too wide":         func(d *Design) { d.Maximum = 2 },
	} {
		d := valid
		if change(&d); d == valid {
			t.Fatal(name)
		}
		if _, err := New(d); err == nil {
			t.Errorf("%s: %+v was accepted", name, d)
		}
	}
}
