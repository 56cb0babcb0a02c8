package microdata

import (
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
	return edition.EncodeTexts(out, TableName, textColumns(t))
}

func textColumns(t *kanon.Table) []edition.TextColumn {
	columns := make([]edition.TextColumn, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = edition.TextColumn(c)
	}
	return columns
}

// write stages, signs unless sign is nil, and commits the folder. An empty folder may be there already.
func write(dir string, t *kanon.Table, m *edition.Manifest, sign edition.Sign) (err error) {
	description, err := edition.DescribeTexts(m, textColumns(t))
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
	if sign != nil {
		w.SignWith(sign)
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
