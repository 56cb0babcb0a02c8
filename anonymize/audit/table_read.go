package audit

import (
	"bytes"
	"errors"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/parquet-go/parquet-go"
)

// read opens the one table, holds its columns to what the folder says of them and its
// bytes to its rows, and reports whether its rows may be counted.
func (a *tableAudit) read() bool {
	const id, title = "schema", "La table n’a que des colonnes de texte, et les quasi-identifiants et attributs sensibles du " +
		"manifeste en sont."
	name := edition.KindTable + ".parquet"
	data, ok := a.content[name]
	if !ok || a.altered[name] || len(a.manifest.Files) != 2 {
		a.claim(id, title, Proved, 1, false, "La table manque ou n’est pas celle du manifeste.")
		return false
	}
	if err := ourFooter(data); err != nil {
		a.claim(id, title, Proved, 1, false, capitalised(err.Error())+".")
		return false
	}
	columns, err := textColumns(data)
	if err != nil {
		a.claim(id, title, Proved, 1, false, "La table ne se lit pas en entier comme des colonnes de texte.")
		return false
	}
	a.columns = columns
	a.checkDescription()
	unknown := a.sortColumns()
	a.claim(id, title, Proved, int64(len(columns)), len(unknown) == 0,
		outcome("Ce sont elles.", named("en cause", unknown)), num("colonnes", int64(len(columns))))
	var again bytes.Buffer
	err = edition.EncodeTexts(&again, edition.KindTable, columns)
	same := err == nil && bytes.Equal(again.Bytes(), data)
	a.claim("closed.tables", "La table, réécrite à partir de ses seules lignes, redonne le même fichier : rien n’y "+
		"est caché.", Proved, 1, same, outcome("Identique, octet pour octet.", differs(same, "différente")))
	ordered := sorted(data)
	a.claim("order", "L’ordre des lignes ne dépend que des valeurs diffusées.", Proved, a.records, ordered,
		outcome("La table est triée par ses propres colonnes.", differs(ordered, "les lignes ne sont pas triées")))
	return same && len(unknown) == 0
}

// sortColumns tells quasi-identifiers from the others, and gives the columns that the
// manifest names and the table has not.
func (a *tableAudit) sortColumns() (unknown []string) {
	an := a.manifest.Anonymity
	here := map[string]bool{}
	for _, c := range a.columns {
		here[c.Name], a.records = true, int64(len(c.Codes))
	}
	for _, q := range an.QuasiIdentifiers {
		a.quasi[q] = true
		if !here[q] {
			unknown = append(unknown, q)
		}
	}
	for _, s := range an.Sensitive {
		if !here[s.Name] {
			unknown = append(unknown, s.Name)
		}
	}
	for _, c := range a.columns {
		if !a.quasi[c.Name] {
			a.other = append(a.other, c.Name)
		}
	}
	return unknown
}

// textColumns reads a table of required texts; anything else in it is an error.
func textColumns(data []byte) (columns []edition.TextColumn, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("audit: a table cannot be decoded")
		}
	}()
	file, err := openTable(data)
	if err != nil {
		return nil, err
	}
	var index []map[string]int32
	for _, path := range file.Schema().Columns() {
		leaf, ok := file.Schema().Lookup(path...)
		if !ok || len(path) != 1 || leaf.Node.Optional() || leaf.Node.Repeated() ||
			leaf.Node.Type().String() != parquet.String().Type().String() {
			return nil, errors.New("audit: a column is no text")
		}
		columns, index = append(columns, edition.TextColumn{Name: path[0]}), append(index, map[string]int32{})
	}
	for _, group := range file.RowGroups() {
		rows := group.Rows()
		err := eachRow(rows, func(row parquet.Row) {
			for i, v := range row {
				code, known := index[i][string(v.ByteArray())]
				if !known {
					code = int32(len(columns[i].Values))
					text := v.Clone().String()
					index[i][text], columns[i].Values = code, append(columns[i].Values, text)
				}
				columns[i].Codes = append(columns[i].Codes, code)
			}
		})
		if err := errors.Join(err, rows.Close()); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// eachRow hands over each row of a group.
func eachRow(rows parquet.Rows, f func(parquet.Row)) error {
	buffer := make([]parquet.Row, 256)
	return untilEnd(func() (int, error) { return rows.ReadRows(buffer) }, buffer, f)
}
