package edition

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// TextColumn is a column of texts by code: the text of row i is Values[Codes[i]].
type TextColumn struct {
	Name   string
	Values []string
	Codes  []int32
}

// textRowsPerGroup bounds a row group: parquet-go's own default is unbounded.
const textRowsPerGroup = 1 << 17

// EncodeTexts writes columns of one length as dictionary-coded text, a row group at a
// time. The bytes follow from the name of the table, the columns and their texts.
func EncodeTexts(out io.Writer, table string, columns []TextColumn) error {
	group := parquet.Group{}
	byName := map[string]TextColumn{}
	length := 0
	for _, c := range columns {
		group[c.Name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		byName[c.Name], length = c, len(c.Codes)
	}
	schema := parquet.NewSchema(table, group)
	// A group orders its fields by name: codes[i] and texts[i] are those of leaf i.
	var codes [][]int32
	var texts [][]parquet.Value
	for i, f := range schema.Fields() {
		c := byName[f.Name()]
		values := make([]parquet.Value, len(c.Values))
		for code, text := range c.Values {
			values[code] = parquet.ByteArrayValue([]byte(text)).Level(0, 0, i)
		}
		codes, texts = append(codes, c.Codes), append(texts, values)
	}
	w := parquet.NewGenericWriter[any](out, schema, parquet.Compression(&parquet.Zstd),
		parquet.MaxRowsPerRowGroup(textRowsPerGroup), parquet.CreatedBy("entscope", "1", "0"))
	const batch = 1024
	rows := make([]parquet.Row, 0, batch)
	values := make([]parquet.Value, batch*len(texts))
	for row := range length {
		one := values[len(rows)*len(texts) : (len(rows)+1)*len(texts)]
		for i := range texts {
			one[i] = texts[i][codes[i][row]]
		}
		if rows = append(rows, parquet.Row(one)); len(rows) == batch {
			if _, err := w.WriteRows(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	if _, err := w.WriteRows(rows); err != nil {
		return err
	}
	return w.Close()
}

// DescribeTexts is datapackage.json of a released table (Frictionless Data Package 1.0): it follows from the manifest
// and the names of the columns.
func DescribeTexts(m *Manifest, columns []TextColumn) ([]byte, error) {
	type field struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Description string `json:"description"`
	}
	fields := []field{}
	for _, c := range columns {
		f := field{Name: c.Name, Type: "string", Description: "released as it is"}
		switch {
		case slices.Contains(m.Anonymity.QuasiIdentifiers, c.Name):
			f.Description = "quasi-identifier, generalised"
			if level, ok := m.Anonymity.Transformation[c.Name]; ok {
				f.Description = fmt.Sprintf("quasi-identifier, level %d of its hierarchy", level)
			}
		case slices.ContainsFunc(m.Anonymity.Sensitive, func(s SensitiveClaim) bool { return s.Name == c.Name }):
			f.Description = "sensitive"
		}
		fields = append(fields, f)
	}
	data, err := json.MarshalIndent(map[string]any{
		"profile": "data-package",
		"name":    KindTable,
		"description": fmt.Sprintf("k-anonymised table, k = %d distinct persons. "+
			"k-anonymity alone leaves linkability and inference: handle it as personal data.", m.Anonymity.K),
		"resources": []any{map[string]any{
			"name": KindTable, "path": KindTable + ".parquet", "format": "parquet",
			"mediatype": "application/vnd.apache.parquet", "schema": map[string]any{"fields": fields},
		}},
	}, "", "  ")
	return append(data, '\n'), err
}
