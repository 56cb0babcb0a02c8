package edition_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/entscope/entscope/anonymize/edition"
)

func write(t *testing.T, dir string) error {
	t.Helper()
	w, err := edition.NewWriter(dir)
	if err != nil {
		return err
	}
	rows := []edition.TimeRow{{Curve: "D3.first_login", Persons: 20, AtRisk: 20}}
	if err := edition.WriteTable(w, edition.TableTimes, rows, map[string]string{"table_schema": "{}"}); err != nil {
		return err
	}
	if err := w.WriteFile("CODEBOOK.fr.md", []byte("# Variables\n")); err != nil {
		return err
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the edition is visible before it is committed")
	}
	return w.Commit(&edition.Manifest{Kind: "research"})
}

func TestWriteReadVerify(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "research-T1")
	if err := write(t, dir); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	m, err := edition.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != 2 || m.Files[1].Rows != 1 {
		t.Errorf("files: %+v", m.Files)
	}
	if err := m.Verify(root); err != nil {
		t.Error(err)
	}
	if err := write(t, dir); !errors.Is(err, edition.ErrExists) {
		t.Errorf("an edition was written twice: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "CODEBOOK.fr.md"), []byte("# variables\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(root); !errors.Is(err, edition.ErrHash) {
		t.Errorf("one letter changed: %v", err)
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	w, err := edition.NewWriter(filepath.Join(parent, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteFile("a", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Abort(); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("%d entries left", len(left))
	}
}

// TestEncodeAgain: a table that is read and written a batch at a time has the bytes of the
// table written at once, over several pages and row groups.
func TestEncodeAgain(t *testing.T) {
	rows := make([]edition.TimeRow, 140_000)
	for i := range rows {
		rows[i] = edition.TimeRow{Curve: "c", Group: strconv.Itoa(i / 1000), Cluster: int32(i % 997), Bin: int32(i % 13),
			AtRisk: int64(i) * 7919, Events: int64(i % 31)}
	}
	metadata := map[string]string{"k": "v"}
	var once, again bytes.Buffer
	if err := edition.Encode(&once, rows, metadata); err != nil {
		t.Fatal(err)
	}
	if err := edition.EncodeAgain[edition.TimeRow](&again, once.Bytes(), metadata); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(once.Bytes(), again.Bytes()) {
		t.Errorf("%d bytes at once, %d again", once.Len(), again.Len())
	}
	if err := edition.EncodeAgain[edition.TimeRow](io.Discard, once.Bytes()[:once.Len()-9], metadata); err == nil {
		t.Error("a file that is cut is read")
	}
}
