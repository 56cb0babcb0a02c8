package audit

import (
	"bytes"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
	"pgregory.net/rapid"
)

// TestDistanceProperties: a class with the distribution of the whole is at
// distance 0 of it; distances stay in [0, 1]; the ordered distance never exceeds
// the equal one; entropy diversity lies between 1 and the distinct values.
func TestDistanceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order := visitBands
		total, class := map[string]int64{}, map[string]int64{}
		var persons int64
		for _, b := range order {
			in := rapid.Int64Range(0, 50).Draw(t, "in")
			out := rapid.Int64Range(0, 50).Draw(t, "out")
			if in > 0 {
				class[b] = in
			}
			if in+out > 0 {
				total[b] = in + out
				persons += in + out
			}
		}
		if len(class) == 0 {
			return
		}
		at := func(model string, c map[string]int64, n int64) float64 {
			x, known := distance(edition.SensitiveClaim{Model: model, Order: order, Bound: 1}, among(c, total, n), 1)
			if !known || math.IsNaN(x) {
				t.Fatalf("%s: %v", model, x)
			}
			return x
		}
		equal, ordered := at("t_equal", class, persons), at("t_ordered", class, persons)
		if ordered > equal+1e-9 || equal > 1+1e-9 || ordered < 0 {
			t.Fatalf("ordered %v, equal %v", ordered, equal)
		}
		if l, e := at("distinct_l", class, persons), at("entropy_l", class, persons); e < 1-1e-9 || e > l+1e-9 {
			t.Fatalf("entropy %v, distinct %v", e, l)
		}
		for _, model := range []string{"t_equal", "t_ordered", "beta", "delta"} {
			if x := at(model, total, persons); math.Abs(x) > 1e-9 {
				t.Fatalf("%s of the whole against itself: %v", model, x)
			}
		}
	})
}

// FuzzPage: no page makes the reader panic, and a page with a script element is
// never called self-contained.
func FuzzPage(f *testing.F) {
	f.Add([]byte(finePage))
	f.Add([]byte("<svg><script>1</script><p title='a"))
	f.Add([]byte("<a href=//x><style>@import 'x'</style>"))
	plain := regexp.MustCompile(`(?i)^<script>1</script>`)
	f.Fuzz(func(t *testing.T, data []byte) {
		p := readPage(data)
		if plain.Match(data) && p.scripts == 0 {
			t.Error("a script was not seen")
		}
		if !bytes.Contains(data, []byte("<")) && len(p.external) > 0 {
			t.Error("a text without a tag reaches outside")
		}
	})
}

// FuzzManifest: bytes that are no manifest are refused without their text.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"version":1,"kind":"research"}`))
	f.Add([]byte(`{"version":1,"kind":"secret@example.org"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parseManifest(data)
		if err == nil && tables[m.Kind] == nil {
			t.Error("an unknown kind was accepted")
		}
		if err != nil && bytes.Contains([]byte(err.Error()), []byte("example")) {
			t.Error("the error quotes the file")
		}
	})
}

// TestContrast holds the pages of the audit to WCAG 2.2, 1.4.3.
func TestContrast(t *testing.T) {
	style, err := os.ReadFile("templates/style.css")
	must(t, err)
	colour := map[string]string{"white": "#ffffff"}
	for _, m := range regexp.MustCompile(`--([a-z]+):(#[0-9a-f]{6})`).FindAllSubmatch(style, -1) {
		colour[string(m[1])] = string(m[2])
	}
	for _, c := range [][2]string{{"ink", "white"}, {"soft", "white"}, {"ink", "pale"}, {"soft", "pale"}, {"warnink",
		"warn"},
		{"#124d2e", "#eaf5ee"}, {"#6b4300", "warn"}, {"#8a0f35", "#fdeef2"}, {"soft", "#fdeef2"}} {
		for i, name := range c {
			if name[0] != '#' {
				c[i] = colour[name]
			}
			if !bytes.Contains(style, []byte(c[i])) && c[i] != "#ffffff" {
				t.Fatalf("%s is not a colour of the pages", name)
			}
		}
		a, b := luminance(c[0]), luminance(c[1])
		if got := (max(a, b) + 0.05) / (min(a, b) + 0.05); got < 4.5 {
			t.Errorf("%v: contrast %.2f", c, got)
		}
	}
}

func luminance(hex string) float64 {
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		total += weight * c
	}
	return total
}
