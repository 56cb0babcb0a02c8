package publication

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/report"
	"github.com/entscope/entscope/analysis/wording"
	"github.com/entscope/entscope/anonymize/edition"
)

// description is what catalogues, archives and tools are told of a publication.
type description struct {
	lang  wording.Lang
	facts report.Facts
	terms edition.Terms
	rows  []figureRow
}

const licenceURL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

func (d description) title() string {
	return d.lang.T("Usages d’un ENT par les familles, ", "Use of a school portal by families, ") + d.facts.Term
}

func (d description) summary() string {
	text := d.lang.T("Figures agrégées et protégées : aucune ne repose sur moins de ",
		"Aggregated, protected figures: none rests on fewer than ") + strconv.FormatInt(d.facts.CellPersons, 10) +
		d.lang.T(" personnes. ", " people. ")
	if d.facts.Synthetic {
		text = d.lang.T("Données synthétiques. ", "Synthetic data. ") + text
	}
	return text + d.terms.Text()
}

// sender is who publishes, as a name.
func (d description) sender() string {
	if d.facts.Sender != "" {
		return d.facts.Sender
	}
	return d.lang.T("Étude ", "Study ") + d.facts.Study
}

// files are those of the folder data, by name.
func (d description) files() (map[string][]byte, error) {
	out := map[string][]byte{}
	for name, text := range map[string]func() ([]byte, error){
		"figures.csv":     func() ([]byte, error) { return figuresCSV(d.rows) },
		"figures.parquet": func() ([]byte, error) { return figuresParquet(d.rows, d.terms) },
		"jsonstat.json":   d.stat, "dcat.jsonld": d.catalogue, "ddi.xml": d.archive, "datapackage.json": d.dataPackage,
	} {
		data, err := text()
		if err != nil {
			return nil, fmt.Errorf("publication: %s: %w", name, err)
		}
		out[name] = data
	}
	return out, nil
}

// dataPackage is datapackage.json (Data Package v2, datapackage.org).
func (d description) dataPackage() ([]byte, error) {
	type field struct {
		Name        string         `json:"name"`
		Type        string         `json:"type"`
		Description string         `json:"description"`
		Constraints map[string]any `json:"constraints,omitempty"`
	}
	var fields []field
	for _, c := range columns() {
		f := field{Name: c.name, Type: c.kind, Description: d.lang.Text(c.text)}
		if c.values != nil {
			f.Constraints = map[string]any{"enum": c.values}
		}
		fields = append(fields, f)
	}
	schema := map[string]any{"$schema": "https://datapackage.org/profiles/2.0/tableschema.json", "fields": fields,
		"missingValues": []string{""}}
	table := func(name, path, format, mediatype string) map[string]any {
		return map[string]any{"name": name, "path": path, "format": format, "mediatype": mediatype,
			"title": d.lang.T("Toutes les figures", "All figures")}
	}
	text := table("figures", "figures.csv", "csv", "text/csv")
	text["description"] = d.lang.T("Nombres à point décimal. Un texte qu’un tableur prendrait pour une formule (il commence "+
		"par =, +, -, @ ou une tabulation et n’est pas un nombre) est précédé d’une apostrophe ; Parquet le donne tel quel.",
		"Numbers have a decimal point. A text that a spreadsheet would take for a formula (it begins with =, +, -, @ or a "+
			"tab and is no number) has an apostrophe before it; Parquet gives it as it is.")
	text["encoding"], text["schema"] = "utf-8", schema // Parquet has its own
	out := map[string]any{
		"$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
		"name":    strings.ToLower(wording.Slug("entscope-" + d.facts.Study + "-" + d.facts.Term)),
		"title":   d.title(), "description": d.summary(), "version": "1.0.0",
		"licenses": []any{
			map[string]any{"name": d.terms.Licence, "path": licenceURL, "title": "Licence Ouverte 2.0"}},
		"contributors": []any{map[string]any{"title": d.sender(), "roles": []string{"publisher"}}},
		"resources": []any{text,
			table("figures-parquet", "figures.parquet", "parquet", "application/vnd.apache.parquet")},
	}
	if d.facts.Issued != "" {
		out["created"] = d.facts.Issued + "T00:00:00Z"
	}
	return indented(out)
}

// catalogue is the dataset for DCAT-AP, as JSON-LD.
func (d description) catalogue() ([]byte, error) {
	file := func(name, title, mediatype string) map[string]any {
		return map[string]any{"@type": "dcat:Distribution", "dct:title": title,
			"dcat:accessURL": map[string]any{"@id": name},
			"dcat:mediaType": map[string]any{"@id": "https://www.iana.org/assignments/media-types/" + mediatype},
			"dct:license":    map[string]any{"@id": licenceURL, "@type": "dct:LicenseDocument"}}
	}
	said := func(text string) map[string]any { return map[string]any{"@language": d.lang, "@value": text} }
	language := "http://publications.europa.eu/resource/authority/language/" + d.lang.T("FRA", "ENG")
	date := func(day string) map[string]any { return map[string]any{"@type": "xsd:date", "@value": day} }
	out := map[string]any{
		"@context": map[string]any{"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
			"foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#"},
		"@type": "dcat:Dataset", "dct:title": said(d.title()), "dct:description": said(d.summary()),
		"dct:language": map[string]any{"@id": language, "@type": "dct:LinguisticSystem"},
		"dct:publisher": map[string]any{
			"@type": []string{"foaf:Agent", "foaf:Organization"}, "foaf:name": d.sender()},
		"dct:temporal": map[string]any{"@type": "dct:PeriodOfTime", "dcat:startDate": date(d.facts.Start),
			"dcat:endDate": date(d.facts.End)},
		"dct:accessRights": map[string]any{
			"@id": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"},
		"dcat:theme": map[string]any{"@id": "http://publications.europa.eu/resource/authority/data-theme/EDUC"},
		"dcat:distribution": []any{file("figures.csv", "CSV", "text/csv"),
			file("figures.parquet", "Parquet", "application/vnd.apache.parquet"),
			file("jsonstat.json", "JSON-stat", "application/json"),
			file("../results.json", "JSON", "application/json")},
	}
	if d.facts.Issued != "" {
		out["dct:issued"] = date(d.facts.Issued)
	}
	return indented(out)
}

// citation is CITATION.cff (citation-file-format 1.2.0).
func (d description) citation() []byte {
	quoted := func(s string) string {
		data, _ := json.Marshal(s) // a JSON string is a YAML string
		return string(data)
	}
	var b bytes.Buffer
	b.WriteString("cff-version: 1.2.0\ntype: dataset\n")
	b.WriteString("message: " + quoted(d.lang.T("Pour citer ces figures :", "To cite these figures:")) + "\n")
	b.WriteString("title: " + quoted(d.title()) + "\nabstract: " + quoted(d.summary()) + "\n")
	b.WriteString("authors:\n  - name: " + quoted(d.sender()) + "\n")
	if d.facts.Issued != "" {
		b.WriteString("date-released: " + d.facts.Issued + "\n")
	}
	b.WriteString("version: " + quoted(d.facts.Term) + "\nlicense-url: " + licenceURL + "\n")
	return b.Bytes()
}

// stat is the figures of the report as JSON-stat 2.0: one value for a measure and a group.
func (d description) stat() ([]byte, error) {
	var measures, groups axis
	values, status := map[string]float64{}, map[string]string{}
	type cell struct {
		measure, group int
		row            figureRow
	}
	var cells []cell
	for _, r := range d.rows {
		if r.School != "" {
			continue
		}
		key := r.Question + "." + r.Measure + "." + r.Population
		group := strings.Trim(r.Grouping+"="+r.Group, "=")
		if group == "" {
			group = "all"
		}
		cells = append(cells, cell{measures.place(key, r.Label), groups.place(group, group), r})
	}
	for _, c := range cells {
		at := strconv.Itoa(c.measure*len(groups.keys) + c.group)
		if c.row.Estimate != nil {
			values[at] = *c.row.Estimate
		}
		switch c.row.Status {
		case string(indicator.Suppressed):
			status[at] = "c" // SDMX: confidential
		case string(indicator.NotMeasurable):
			status[at] = "M" // SDMX: missing, data cannot exist
		}
	}
	return indented(map[string]any{
		"version": "2.0", "class": "dataset", "label": d.title(), "source": d.sender(), "note": []string{d.summary()},
		"id": []string{"measure", "group"}, "size": []int{len(measures.keys), len(groups.keys)},
		"role":      map[string]any{"metric": []string{"measure"}},
		"dimension": map[string]any{"measure": measures.dimension(), "group": groups.dimension()},
		"value":     values, "status": status,
	})
}

// axis is a dimension under way: its categories in order of appearance.
type axis struct {
	keys   []string
	at     map[string]int
	labels map[string]string
}

func (a *axis) place(key, label string) int {
	if a.at == nil {
		a.at, a.labels = map[string]int{}, map[string]string{}
	}
	if _, ok := a.at[key]; !ok {
		a.at[key] = len(a.keys)
		a.keys = append(a.keys, key)
		a.labels[key] = label
	}
	return a.at[key]
}

func (a *axis) dimension() map[string]any {
	return map[string]any{"category": map[string]any{"index": a.keys, "label": a.labels}}
}

// codeBook is ddi.xml, for archives: the elements of DDI-Codebook 2.5 that this fills.
type codeBook struct {
	XMLName  xml.Name  `xml:"ddi:codebook:2_5 codeBook"`
	Version  string    `xml:"version,attr"`
	Lang     string    `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Title    string    `xml:"stdyDscr>citation>titlStmt>titl"`
	Author   string    `xml:"stdyDscr>citation>rspStmt>AuthEnty"`
	Producer string    `xml:"stdyDscr>citation>prodStmt>producer"`
	Abstract string    `xml:"stdyDscr>stdyInfo>abstract"`
	Periods  []ddiDate `xml:"stdyDscr>stdyInfo>sumDscr>timePrd"`
	Nation   string    `xml:"stdyDscr>stdyInfo>sumDscr>nation"`
	Unit     string    `xml:"stdyDscr>stdyInfo>sumDscr>anlyUnit"`
	Universe string    `xml:"stdyDscr>stdyInfo>sumDscr>universe"`
	Kind     string    `xml:"stdyDscr>stdyInfo>sumDscr>dataKind"`
	Use      string    `xml:"stdyDscr>dataAccs>useStmt>conditions"`
	File     string    `xml:"fileDscr>fileTxt>fileName"`
	Cases    int       `xml:"fileDscr>fileTxt>dimensns>caseQnty"`
	Count    int       `xml:"fileDscr>fileTxt>dimensns>varQnty"`
	FileType string    `xml:"fileDscr>fileTxt>fileType"`
	Vars     []ddiVar  `xml:"dataDscr>var"`
}

type ddiDate struct {
	Event string `xml:"event,attr"`
	Date  string `xml:"date,attr"`
	Text  string `xml:",chardata"`
}

type ddiVar struct {
	Name   string    `xml:"name,attr"`
	Label  string    `xml:"labl"`
	Values []ddiCode `xml:"catgry"`
	Format ddiFormat `xml:"varFormat"`
}

type ddiCode struct {
	Value string `xml:"catValu"`
}

type ddiFormat struct {
	Type string `xml:"type,attr"`
}

// archive is ddi.xml.
func (d description) archive() ([]byte, error) {
	book := codeBook{
		Version: "2.5", Lang: string(d.lang), Title: d.title(), Author: d.sender(), Producer: d.sender(),
		Abstract: d.summary(), Nation: "France", Kind: d.lang.T("Agrégats protégés", "Protected aggregates"),
		Periods:  []ddiDate{{"start", d.facts.Start, d.facts.Start}, {"end", d.facts.End, d.facts.End}},
		Unit:     d.lang.T("Groupe de personnes", "Group of persons"),
		Universe: d.lang.T("Comptes de l’ENT connus de l’annuaire", "Accounts of the portal known to the directory"),
		Use:      d.terms.Text(), File: "figures.csv", Cases: len(d.rows), FileType: "text/csv",
	}
	for _, c := range columns() {
		v := ddiVar{Name: c.name, Label: d.lang.Text(c.text), Format: ddiFormat{"character"}}
		if c.kind == "number" || c.kind == "integer" {
			v.Format.Type = "numeric"
		}
		for _, value := range c.values {
			v.Values = append(v.Values, ddiCode{value})
		}
		book.Vars = append(book.Vars, v)
	}
	book.Count = len(book.Vars)
	data, err := xml.MarshalIndent(book, "", "  ")
	return append([]byte(xml.Header), append(data, '\n')...), err
}

func indented(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return append(data, '\n'), err
}
