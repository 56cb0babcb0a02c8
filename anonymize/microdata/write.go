package microdata

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/entscope/entscope/anonymize/edition"
	"github.com/entscope/entscope/anonymize/kanon"
)

// TableName is the name of the one table of the folder.
const TableName = edition.KindTable

// writeParquet writes the columns of a table.
func writeParquet(out io.Writer, t *kanon.Table) error {
	columns := make([]edition.TextColumn, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = edition.TextColumn(c)
	}
	return edition.EncodeTexts(out, TableName, columns)
}

// dataPackage describes the table (Frictionless Data Package 1.0).
func dataPackage(t *kanon.Table, m *edition.Manifest) ([]byte, error) {
	type field struct {
		Name        string `json:"name"`
		Type        string `json:"type"`
		Description string `json:"description"`
	}
	quasi := map[string]bool{}
	for _, name := range m.Anonymity.QuasiIdentifiers {
		quasi[name] = true
	}
	sensitive := map[string]bool{}
	for _, s := range m.Anonymity.Sensitive {
		sensitive[s.Name] = true
	}
	var fields []field
	for _, c := range t.Columns {
		f := field{Name: c.Name, Type: "string", Description: "released as it is"}
		switch {
		case quasi[c.Name]:
			f.Description = "quasi-identifier, generalised"
			if level, ok := m.Anonymity.Transformation[c.Name]; ok {
				f.Description = fmt.Sprintf("quasi-identifier, level %d of its hierarchy", level)
			}
		case sensitive[c.Name]:
			f.Description = "sensitive"
		}
		fields = append(fields, f)
	}
	data, err := json.MarshalIndent(map[string]any{
		"profile": "data-package",
		"name":    TableName,
		"description": fmt.Sprintf("k-anonymised table, k = %d distinct persons. "+
			"k-anonymity alone leaves linkability and inference: handle it as personal data.", m.Anonymity.K),
		"resources": []any{map[string]any{
			"name": TableName, "path": TableName + ".parquet", "format": "parquet",
			"mediatype": "application/vnd.apache.parquet", "schema": map[string]any{"fields": fields},
		}},
	}, "", "  ")
	return append(data, '\n'), err
}

// write stages and commits the folder. An empty folder may be there already.
func write(dir string, t *kanon.Table, m *edition.Manifest) (err error) {
	description, err := dataPackage(t, m)
	if err != nil {
		return fmt.Errorf("microdata: data package: %w", err)
	}
	if err := free(dir); err != nil {
		return err
	}
	w, err := edition.NewWriter(dir)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Abort())
		}
	}()
	if err = w.Stream(TableName+".parquet", func(out io.Writer) error { return writeParquet(out, t) }); err != nil {
		return err
	}
	if err = w.WriteFile("datapackage.json", description); err != nil {
		return err
	}
	return w.Commit(m)
}

// free refuses an output folder that is there already, unless it is empty.
func free(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("microdata: the output folder: %w", pathless(err))
	}
	if !info.IsDir() {
		return fmt.Errorf("microdata: the output is a file: %w", edition.ErrExists)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("microdata: the output folder: %w", pathless(err))
	}
	if len(entries) > 0 {
		return fmt.Errorf("microdata: the output folder is not empty: %w", edition.ErrExists)
	}
	return nil
}
