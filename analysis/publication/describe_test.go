package publication

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/anonymize/edition"
)

// described is a publication of three figures under a name that tries to break out of each
// format.
func described(lang string) description {
	est, low, high := 0.4, 0.35, 0.45
	results := []indicator.Result{
		{Indicator: "L2", Measure: "never", Population: "all_accounts", Estimate: &est, Low: &low, High: &high,
			Level: 0.95, N: 8000, Status: indicator.Published, Method: "=1+1"},
		{Indicator: "L2", Measure: "never", Population: "all_accounts", Group: map[string]string{"level": "college"},
			Status: indicator.Suppressed},
		{Indicator: "L2", Measure: "never", Population: "opened_accounts", Status: indicator.NotMeasurable},
		{Indicator: "L2", Measure: "never", Population: "all_accounts", Edition: edition.KindSchools,
			Status: indicator.Published, Estimate: &est},
	}
	schools := []indicator.School{{UAI: "0540001A", Results: []indicator.Result{
		{Indicator: "L2", Measure: "never", Population: "all_accounts", Estimate: &est, Status: indicator.Published,
			Group: map[string]string{"uai": "0540001A", "month": "2025-10"}, N: 40},
		{Indicator: "N5", Measure: "very_frequent", Population: "pairs", Estimate: &est, Status: indicator.Published},
	}}}
	facts := report.Facts{Study: "demo", Term: "2025-T1", Start: "2025-09-08", End: "2025-12-14", Subject: "parent",
		Synthetic: true, CellPersons: 11, Sender: "Académie \"X\"\n</titl>: - {"}
	return description{lang: "fr", facts: facts, terms: edition.PublicTerms(lang),
		rows: figureRows("fr", results, schools, true)}
}

// Every format reads back, and says the same of the same figures.
func TestDescriptions(t *testing.T) {
	d := described("fr")
	files, err := d.files()
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(files["figures.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 5 {
		t.Fatalf("%d lines, want a head, three figures and one of a school", len(records))
	}
	if got := records[1][14]; got != "'=1+1" {
		t.Errorf("a spreadsheet would run the method %q", got)
	}
	if got := records[4][4] + " " + records[4][5] + " " + records[4][6]; got != "0540001A month 2025-10" {
		t.Errorf("the school's figure stands under %q", got)
	}
	data := files["figures.parquet"]
	rows, err := parquet.Read[figureRow](bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 4 || *rows[0].Estimate != 0.4 || rows[1].Estimate != nil {
		t.Errorf("Parquet holds %+v", rows)
	}
	var book struct {
		Vars []struct {
			Name string `xml:"name,attr"`
		} `xml:"dataDscr>var"`
		Author string `xml:"stdyDscr>citation>rspStmt>AuthEnty"`
	}
	if err := xml.Unmarshal(files["ddi.xml"], &book); err != nil {
		t.Fatal(err)
	}
	if len(book.Vars) != len(records[0]) {
		t.Errorf("DDI has %d variables of %d columns", len(book.Vars), len(records[0]))
	}
	if book.Author != d.facts.Sender {
		t.Errorf("DDI names %q", book.Author)
	}
	for _, name := range []string{"datapackage.json", "dcat.jsonld", "jsonstat.json"} {
		if !json.Valid(files[name]) {
			t.Errorf("%s is no JSON", name)
		}
	}
	if lines := strings.Split(string(d.citation()), "\n"); !slices.Contains(lines, `authors:`) || len(lines) != 10 {
		t.Errorf("the sender broke out of the citation:\n%s", d.citation())
	}
}

// JSON-stat has a place for each measure and group, and says why one has no value.
func TestStat(t *testing.T) {
	data, err := described("fr").stat()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Size   []int
		Value  map[string]float64
		Status map[string]string
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Size, []int{2, 2}) {
		t.Errorf("size %v, want two measures and two groups", got.Size)
	}
	if got.Value["0"] != 0.4 || got.Status["1"] != "c" || got.Status["2"] != "M" {
		t.Errorf("values %v, status %v", got.Value, got.Status)
	}
}
