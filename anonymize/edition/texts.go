package edition

import (
	"io"

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
