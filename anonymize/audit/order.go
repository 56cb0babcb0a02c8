package audit

import (
	"bytes"
	"io"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/edition"
)

// checkOrder looks at the order of the rows: sorted by what they hold, it can
// carry nothing else, such as the order of the persons in the logs.
func (a *auditor) checkOrder() {
	var unsorted []string
	for _, table := range a.ready {
		if !sorted(a.content[table+".parquet"]) {
			unsorted = append(unsorted, table)
		}
	}
	a.claim("order", "L’ordre des lignes ne dépend que des valeurs diffusées.", Proved, int64(len(a.ready)),
		len(unsorted) == 0,
		outcome("Chaque table est triée par ses propres colonnes : l’ordre n’apprend rien.",
			named("tables qui ne sont pas triées colonne par colonne", unsorted)), num("tables", int64(len(a.ready))))
}

// sorted reports whether the rows ascend column by column, in the order of the
// schema. A file that cannot be read is not sorted.
func sorted(data []byte) bool {
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	types := columnTypes(file.Schema())
	var last parquet.Row
	for _, group := range file.RowGroups() {
		if !sortedGroup(group, types, &last) {
			return false
		}
	}
	return true
}

func columnTypes(s *parquet.Schema) []parquet.Type {
	var out []parquet.Type
	for _, path := range s.Columns() {
		leaf, _ := s.Lookup(path...)
		out = append(out, leaf.Node.Type())
	}
	return out
}

func sortedGroup(group parquet.RowGroup, types []parquet.Type, last *parquet.Row) bool {
	rows := group.Rows()
	defer rows.Close()
	buffer := make([]parquet.Row, 256)
	for left := group.NumRows(); ; {
		n, err := rows.ReadRows(edition.UpTo(left, buffer))
		left -= int64(n)
		for _, row := range buffer[:n] {
			if *last != nil && compareRows(*last, row, types) > 0 {
				return false
			}
			*last = row.Clone()
		}
		if err == io.EOF {
			return true
		}
		if err != nil {
			return false
		}
	}
}

func compareRows(a, b parquet.Row, types []parquet.Type) int {
	for i := range types {
		if i >= len(a) || i >= len(b) {
			return len(a) - len(b)
		}
		if c := types[i].Compare(a[i], b[i]); c != 0 {
			return c
		}
	}
	return 0
}
