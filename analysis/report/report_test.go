package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/entscope/entscope/analysis/drawing"
	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/anonymize/durable"
)

var update = flag.Bool("update", false, "rewrite the goldens")

func buildAll(t *testing.T, l string) pages {
	t.Helper()
	in := sample()
	in.Lang = l
	out, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	s := sampleSchools()
	s.Lang = l
	schools, err := buildSchools(s)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range schools {
		out["schools/"+name] = data
	}
	return out
}

// TestLook writes the sample pages where LOOK says, for the eye.
func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		dir = t.TempDir()
	}
	if err := WriteSchoolsOn(durable.Disk{}, filepath.Join(dir, "schools"), sampleSchools()); err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second report takes the place of the first
		if err := WriteOn(durable.Disk{}, filepath.Join(dir, "report"), sample()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "report", "index.html")); err != nil {
		t.Error(err)
	}
}

// TestGoldens holds whole figures and one school page to what was reviewed.
func TestGoldens(t *testing.T) {
	got := buildAll(t, "fr")
	for golden, name := range map[string]string{
		"school.html": "schools/0541234A.html", "never.json": "L2-jamais.json", "never.csv": "L2-jamais.csv",
	} {
		path := filepath.Join("testdata", golden)
		if *update {
			if err := os.WriteFile(path, got[name], 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got[name], want) {
			t.Errorf("%s differs from testdata/%s; look, then -update", name, golden)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := buildAll(t, "fr"), buildAll(t, "fr")
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s differs between two runs", name)
		}
	}
}

// void are the elements without an end tag.
var void = map[string]bool{"meta": true, "br": true, "hr": true, "link": true, "img": true, "input": true, "col": true}

// TestWellFormed: every tag is closed in order, every identifier is there once,
// every reference and every inner link arrives, nothing is fetched or run.
func TestWellFormed(t *testing.T) {
	for _, l := range []string{"fr", "en"} {
		for name, data := range buildAll(t, l) {
			if !strings.HasSuffix(name, ".html") {
				continue
			}
			checkPage(t, name, data, l)
		}
	}
}

func checkPage(t *testing.T, name string, data []byte, l string) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(data))
	var open []string
	ids, wanted := map[string]int{}, []string{}
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			if kind == html.StartTagToken && !void[token.Data] {
				open = append(open, token.Data)
			}
			for _, a := range token.Attr {
				switch {
				case a.Key == "id":
					ids[a.Val]++
				case a.Key == "aria-labelledby":
					wanted = append(wanted, strings.Fields(a.Val)...)
				case a.Key == "href" && strings.HasPrefix(a.Val, "#"):
					wanted = append(wanted, a.Val[1:])
				case strings.Contains(a.Val, "//") || strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: <%s %s=%q>", name, token.Data, a.Key, a.Val)
				case a.Key == "lang" && token.Data == "html" && a.Val != l:
					t.Errorf("%s: language %q", name, a.Val)
				}
			}
			filter := token.Data == "script" && name == "schools/index.html"
			if filter && !bytes.Contains(data, []byte("<script>"+searchScript+"</script>")) {
				t.Errorf("%s: a script that is not the filter of the list", name)
			}
			if token.Data == "script" && !filter || token.Data == "link" || token.Data == "img" {
				t.Errorf("%s: <%s>", name, token.Data)
			}
			named := strings.Contains(token.String(), `role="img"`) || strings.Contains(token.String(), "aria-hidden")
			if token.Data == "svg" && !named {
				t.Errorf("%s: an svg without a role", name)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s: </%s> closes %v", name, token.Data, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("%s: not closed: %v", name, open)
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: id %q %d times", name, id, n)
		}
	}
	for _, id := range wanted {
		if ids[id] == 0 {
			t.Errorf("%s: no id %q", name, id)
		}
	}
}

// forbidden never stand on a published page, nor in a template or a text.
var forbidden = regexp.MustCompile(
	`(?i)addicti|compulsi|boulimi|patholog|maladi|symptôm|symptom|thérap|diagnosti|anxi|obsession|santé ` +
		`mentale|disorder`)

func TestForbiddenWords(t *testing.T) {
	for _, l := range []string{"fr", "en"} {
		for name, data := range buildAll(t, l) {
			if m := forbidden.Find(data); m != nil {
				t.Errorf("%s %s: %q", l, name, m)
			}
		}
	}
	files, err := filepath.Glob("templates/*")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 5 {
		t.Fatalf("%d templates", len(files))
	}
	words, err := filepath.Glob("../question/*/*.toml")
	if err != nil {
		t.Fatal(err)
	}
	if len(words) < 11 {
		t.Fatalf("%d themes", len(words))
	}
	code, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code = slices.DeleteFunc(code, func(name string) bool { return strings.HasSuffix(name, "_test.go") })
	for _, f := range slices.Concat(files, words, code) {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if m := forbidden.Find(data); m != nil {
			t.Errorf("%s: %q", f, m)
		}
	}
}

// TestSchoolPagesHoldNothingMore passes results a page must not show.
func TestSchoolPagesHoldNothingMore(t *testing.T) {
	in := sampleSchools()
	for i := range in.Schools {
		for _, id := range []string{"N5", "P1", "N6", "N2", "P3"} {
			r := pct(id, "very_frequent", "pairs", nil, 0.3711, 0.0999, 640)
			r.Measure = strings.ToLower(id) + "_measure"
			in.Schools[i].Results = append(in.Schools[i].Results, r)
		}
		in.Schools[i].Results = append(in.Schools[i].Results, pct("L2", "never", "guardians", nil, 0.37, 0, 640))
	}
	plain, err := buildSchools(sampleSchools())
	if err != nil {
		t.Fatal(err)
	}
	got, err := buildSchools(in)
	if err != nil {
		t.Fatal(err)
	}
	for name := range got {
		if strings.HasSuffix(name, ".json") && bytes.Contains(got[name], []byte(`"level":0.95`)) {
			t.Errorf("%s holds an interval", name)
		}
		if strings.HasSuffix(name, ".json") && bytes.Contains(got[name], []byte("N5")) {
			t.Errorf("%s holds N5", name)
		}
		if !bytes.Equal(got[name], plain[name]) {
			t.Errorf("%s changed with results it must not show", name)
		}
		for _, word := range []string{"N5", "P1", "N6", "intervalle", "interval", "classement des"} {
			if strings.Contains(string(got[name]), word) {
				t.Errorf("%s: %q", name, word)
			}
		}
	}
}

func TestHostileNamesAreEscaped(t *testing.T) {
	out := buildAll(t, "fr")
	for _, name := range []string{"schools/index.html", "schools/0541235B.html"} {
		page := strings.Replace(string(out[name]), "<script>"+searchScript, "", 1)
		if strings.Contains(page, "<script") {
			t.Errorf("%s: the name is not escaped", name)
		}
		if !strings.Contains(string(out[name]), "&lt;script&gt;") {
			t.Errorf("%s: the name is not on the page", name)
		}
	}
	in := sampleSchools()
	for _, code := range []string{"../../etc", "a/b", "index", "Index", "", ".", "0541236C", "a\x00b"} {
		in.Schools[0].UAI = code
		if _, err := buildSchools(in); err == nil {
			t.Errorf("UAI %q was accepted", code)
		}
	}
}

// TestUnreleasedSaidEverywhere: no page or file of figures that nobody released has a licence, and each page
// says why.
func TestUnreleasedSaidEverywhere(t *testing.T) {
	const why = "Nobody compared these figures."
	in := sample()
	in.Facts.Unreleased = why
	out, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	licence := regexp.MustCompile(`(?i)etalab|licence ouverte`)
	for name, data := range out {
		if licence.Match(data) {
			t.Errorf("%s has a licence", name)
		}
		if filepath.Ext(name) == ".html" && !bytes.Contains(data, []byte(why)) {
			t.Errorf("%s does not say that it is not released", name)
		}
	}
}

func TestSyntheticSaidEverywhere(t *testing.T) {
	for _, l := range []string{"fr", "en"} {
		for name, data := range buildAll(t, l) {
			switch filepath.Ext(name) {
			case ".html":
				if !regexp.MustCompile(`(?i)synth[eé]ti`).Match(data) {
					t.Errorf("%s does not say that it is synthetic", name)
				}
			case ".csv", ".json":
				if !bytes.Contains(data, []byte("synthetic")) {
					t.Errorf("%s does not say that it is synthetic", name)
				}
			}
		}
	}
	in := sample()
	in.Facts.Synthetic = false
	out, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out["index.html"]), "synthétiques") {
		t.Error("a real study says it is synthetic")
	}
}

// TestFiles reads the data files back: one row a result, no formula, no number
// finer than the page, nothing under a hidden status.
func TestFiles(t *testing.T) {
	in := sample()
	fine := 0.12345678
	for i := range in.Results {
		if in.Results[i].Estimate != nil && in.Results[i].Indicator == "L2" {
			in.Results[i].Estimate = &fine
		}
	}
	out, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for name, data := range out {
		for _, digits := range []string{"0.1234", "12.34", "12,34"} {
			if bytes.Contains(data, []byte(digits)) {
				t.Errorf("%s holds more digits than a percent: %s", name, digits)
			}
		}
		switch filepath.Ext(name) {
		case ".csv":
			records, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			rows += len(records) - 1
			for _, record := range records[1:] {
				for i, field := range record {
					if _, err := strconv.ParseFloat(field, 64); err != nil && field != "" &&
						strings.ContainsAny(field[:1], "=+-@") {
						t.Errorf("%s: column %d would run", name, i)
					}
				}
				if record[12] != "published" && record[6]+record[7]+record[8]+record[11] != "" {
					t.Errorf("%s: a number under %s", name, record[12])
				}
			}
		case ".json":
			var f figureJSON
			if err := json.Unmarshal(data, &f); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if len(f.Results) == 0 {
				t.Errorf("%s holds no result", name)
			}
		}
	}
	if rows != len(in.Results)+twice(in.Results) {
		t.Errorf("%d rows in the files for %d results", rows, len(in.Results))
	}
}

// TestCoordinatesFollowThePrintedNumber: two results that round alike give the
// same pixels.
func TestCoordinatesFollowThePrintedNumber(t *testing.T) {
	draw := func(x float64) []byte {
		in := sample()
		for i := range in.Results {
			if r := &in.Results[i]; r.Indicator == "L2" && r.Estimate != nil {
				r.Estimate, r.Low, r.High = p(x), p(x-0.02), p(x+0.02)
			}
		}
		out, err := build(in)
		if err != nil {
			t.Fatal(err)
		}
		return out["annexe.html"]
	}
	if !bytes.Equal(draw(0.2301), draw(0.2304)) {
		t.Error("the page tells 23.01 % from 23.04 %")
	}
	if bytes.Equal(draw(0.23), draw(0.25)) {
		t.Error("the page does not tell 23 % from 25 %")
	}
}

// TestContrast holds the palette to WCAG 2.2: 4.5 for texts on their grounds
// (1.4.3), 3 for graphics on white (1.4.11).
func TestContrast(t *testing.T) {
	palettes := regexp.MustCompile(`:root\{[^}]*\}`).FindAll([]byte(Style()), -1)
	if len(palettes) != 3 {
		t.Fatalf("%d palettes, want one of the day, one of the night and one of paper", len(palettes))
	}
	for _, palette := range palettes {
		checkContrast(t, palette)
	}
	if got := contrast("#000000", "#ffffff"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: %v, want 21", got)
	}
}

func checkContrast(t *testing.T, palette []byte) {
	t.Helper()
	colour := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z]+):(#[0-9a-f]{6})`).FindAllSubmatch(palette, -1) {
		colour[string(m[1])] = string(m[2])
	}
	for _, c := range []struct {
		front, ground string
		least         float64
	}{
		{"ink", "ground", 4.5}, {"soft", "ground", 4.5}, {"blue", "ground", 4.5}, {"mark", "ground", 4.5},
		{"green", "ground", 3}, {"brown", "ground", 3},
		{"ink", "pale", 4.5}, {"soft", "pale", 4.5},
		{"blue", "pale", 4.5}, {"warnink", "warn", 4.5}, {"axis", "ground", 3}, {"blue", "day", 1.5}, {"ink", "day", 3},
	} {
		if colour[c.front] == "" || colour[c.ground] == "" {
			t.Fatalf("no colour %s or %s", c.front, c.ground)
		}
		if got := contrast(colour[c.front], colour[c.ground]); got < c.least {
			t.Errorf("%s on %s: contrast %.2f under %.1f", c.front, c.ground, got, c.least)
		}
	}
}

// contrast is the ratio of WCAG 2.2, from relative luminances.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	if x < y {
		x, y = y, x
	}
	return (x + 0.05) / (y + 0.05)
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

// Bars of hours that noise took away from a whole say so; those that round to it do not.
func TestHoursThatAreNoWholeSaySo(t *testing.T) {
	in := sampleSchools()
	page := func() string {
		out, err := buildSchools(in)
		if err != nil {
			t.Fatal(err)
		}
		return string(out[in.Schools[0].UAI+".html"])
	}
	const said = "Total des barres"
	if strings.Contains(page(), said) {
		t.Error("bars that make a whole are said not to")
	}
	for i, r := range in.Schools[0].Results {
		if r.Indicator == "L4" && r.Measure == measuresOf("L4-heures")[0] && len(r.Group) == 0 {
			more := *r.Estimate + 0.2
			in.Schools[0].Results[i].Estimate = &more
		}
	}
	if text := page(); !strings.Contains(text, said) {
		t.Errorf("bars that make a fifth more than a whole do not say so")
	}
}

// BenchmarkSchools makes the pages of a thousand schools (0.67 ms each, by design):
//
//	go test ./analysis/report -run '^$' -bench Schools -benchmem
func BenchmarkSchools(b *testing.B) {
	one := sampleSchools().Schools[0]
	in := SchoolsInput{Facts: sampleFacts()}
	for i := range 1000 {
		s := one
		s.UAI = fmt.Sprintf("%07dA", i)
		in.Schools = append(in.Schools, s)
	}
	for b.Loop() {
		if _, err := buildSchools(in); err != nil {
			b.Fatal(err)
		}
	}
}

func TestRefusesBadInput(t *testing.T) {
	for name, change := range map[string]func(*Input){
		"language": func(in *Input) { in.Lang = "de" },
		"start":    func(in *Input) { in.Facts.Start = "8 septembre" },
		"subject":  func(in *Input) { in.Facts.Subject = "" },
	} {
		in := sample()
		change(&in)
		if err := WriteOn(durable.Disk{}, filepath.Join(t.TempDir(), "x"), in); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if out, err := build(Input{Facts: sampleFacts()}); err != nil || len(out["index.html"]) == 0 { // nothing to show
		t.Errorf("an empty report: %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{fr.Number(1234567.5, 1), "1\u202f234\u202f567,5"}, {en.Number(1234567.5, 1), "1,234,567.5"},
		{fr.Number(-0.04, 1), "0,0"},
		{fr.Number(-12, 0), "\u221212"}, {fr.Percent(23), "23\u00a0%"}, {en.Percent(23), "23%"},
		{fr.About(39874), "40\u202f000"}, {fr.About(151), "150"},
		{fr.Date("2025-09-01"), "1er\u00a0septembre\u00a02025"}, {en.Date("2025-09-01"), "1\u00a0September\u00a02025"},
		{fr.List([]string{"a", "b", "c"}), "a, b et c"},
		{fr.Month("2025-10"), "octobre\u00a02025"}, {rate.bare(fr, 1.70), "1,7"},
		{rate.bare(fr, 1.34), "1,34"}, {rate.bare(fr, 0.0345), "0,035"},
		{share.text(fr, 34.5), "34,5\u00a0%"}, {share.text(en, 34), "34%"},
		{gap.text(fr, -2.5), "−2,5\u00a0points"}, {rate.bare(fr, 2), "2,0"},
		{gap.text(fr, 1), "1\u00a0point"}, {gap.text(fr, -1.5), "−1,5\u00a0point"}, {gap.text(fr, 2), "2\u00a0points"},
		{gap.text("en", 1), "1 point"}, {gap.text("en", 0.5), "0.5 points"}, {gap.text(fr, 1.96), "2,0\u00a0points"},
		{rate.bare(fr, 12), "12"}, {rate.bare(fr, 0.31), "0,31"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// TestValues: what the reader sees of each state, and bounds rounded outward.
func TestValues(t *testing.T) {
	result := func(e, l, h *float64, target string) indicator.Result {
		return indicator.Result{Status: indicator.Published, Estimate: e, Low: l, High: h, Target: target}
	}
	for _, c := range []struct {
		r    indicator.Result
		want string
	}{
		{result(p(0.234), p(0.211), p(0.2501), ""), "23,4\u00a0%\u00a0[21,1\u00a0;\u00a025,1]"},
		{result(p(0.23), p(0.21), p(0.25), ""), "23\u00a0%\u00a0[21\u00a0;\u00a025]"},
		{result(nil, p(0), p(0.02), "bounds"), "moins de 2\u00a0%"},
		{result(nil, p(0.97), p(1), "bounds"), "plus de 97\u00a0%"},
		{result(nil, p(0.04), p(0.09), "bounds"), "entre 4 et 9\u00a0%"},
		{result(nil, nil, nil, ""), "non diffusé (secret statistique)"},
		{indicator.Result{Status: indicator.Suppressed, Estimate: p(0.5)}, "non diffusé (secret statistique)"},
		{indicator.Result{Status: indicator.Suppressed, Warnings: []indicator.Warning{{Code: indicator.CodeTooFew}}},
			"non diffusé (effectif trop faible)"},
		{indicator.Result{Status: indicator.NotMeasurable, Estimate: p(0)}, "non mesurable"},
	} {
		if got := publish(c.r, share).text(fr, share); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// TestPupilStudy: a study of pupils does not speak of parents as its subject, and
// schools without a UAI have pages too.
func TestPupilStudy(t *testing.T) {
	in := sample()
	in.Facts.Subject = "pupil"
	out, err := build(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Comment les élèves se servent", "des élèves ne sont jamais venus en 14 semaines"} {
		if !strings.Contains(string(out["index.html"]), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	s := sampleSchools()
	s.Schools[0].UAI, s.Facts.Subject = "AAA", "pupil"
	pages, err := buildSchools(s)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(pages["AAA.html"]), "Combien d") {
		t.Error("the page of school AAA does not ask who never connected")
	}
	if strings.Contains(string(pages["AAA.html"]), "comptes de parents") {
		t.Error("the page of school AAA speaks of parents")
	}
}

func TestSender(t *testing.T) {
	for line, want := range map[string]string{
		"Académie de Z, rectorat, dpd@example.org": "Académie de Z, rectorat",
		"Rectorat <a.b@c.fr>":                      "Rectorat",
		"Aucun : les données sont inventées":       "", "": "", "dpd@example.org": "", "Aucuns, SARL": "Aucuns, SARL",
	} {
		if got := SenderOf(line); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// TestSchoolsWithoutNames: a school that no register names has a heading and a link.
func TestSchoolsWithoutNames(t *testing.T) {
	in := sampleSchools()
	in.Schools[0].Name = " "
	out, err := buildSchools(in)
	if err != nil {
		t.Fatal(err)
	}
	code := in.Schools[0].UAI
	name := nameOf(fr, in.Schools[0])
	if !strings.Contains(name, code) || name == code {
		t.Errorf("the school is called %q", name)
	}
	if !strings.Contains(string(out[code+".html"]), "<h1>"+name+"</h1>") {
		t.Error("its page has no heading")
	}
	if !strings.Contains(string(out["index.html"]), ">"+name+"</a>") {
		t.Error("its link has no text")
	}
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		n         int
		want      string
	}{
		{0, 100, 5, "[0 20 40 60 80 100]"}, {0, 3.5, 5, "[0 1 2 3 4]"}, {-0.2, 0.3, 3, "[-0.2 0 0.2 0.4]"},
		{0, 0, 4, "[0]"},
	} {
		if got := fmt.Sprint(drawing.Ticks(c.low, c.high, c.n)); got != c.want {
			t.Errorf("ticks(%v, %v): %s, want %s", c.low, c.high, got, c.want)
		}
	}
}
