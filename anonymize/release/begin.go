package release

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// MayBegin refuses a register that has no line yet where another of the same master key lies beside the key in keyFile,
// beside the register or in one of some folders, or an anchor that leads to one: a key that bears another name now, a
// hard link to it or a copy in the same folder is the same key, and what it begins would know nothing of what has left.
// A register is known by its first line and not by its name. The error wraps ErrElsewhere.
func (r *Register) MayBegin(keyFile string, folders ...string) error {
	if len(r.entries) > 0 {
		return nil
	}
	for _, file := range beside(keyFile) {
		folders = append(folders, filepath.Dir(file))
	}
	for _, folder := range append(folders, filepath.Dir(r.path)) {
		files, err := os.ReadDir(folder)
		if err != nil {
			continue // a key can be read where its folder cannot be listed, and other folders need not be there
		}
		for _, f := range files {
			file := filepath.Join(folder, f.Name())
			if to, ok := leadsTo(file); ok {
				file = to
			}
			if r.Opens(file) {
				return fmt.Errorf("release: %s would begin, and %s is a register of this master key: %w; ways on: move "+
					"that one there, or name it (output.releases, --register)", r.path, file, ErrElsewhere)
			}
		}
	}
	return nil
}

// Opens reports whether a file is a register of the same master key: whether its first line is under it.
func (r *Register) Opens(file string) bool {
	line, err := firstLine(file, `{"number":1,`)
	if err != nil {
		return false
	}
	e, err := parse(line)
	if err != nil {
		return false
	}
	chain, err := (&Register{key: r.key}).chain(e)
	return err == nil && e.Number == 1 && e.Chain == chain
}

// KeyID is a check value of the master key: whoever has a text of it can say of which key's register it speaks.
func (r *Register) KeyID() string {
	sum := r.key.Hasher("release/key").Sum(nil)
	return hex.EncodeToString(sum[:8])
}

// leadsTo is where an anchor says that the register of its key is.
func leadsTo(file string) (string, bool) {
	line, err := firstLine(file, `{"register":`)
	if err != nil {
		return "", false
	}
	return leads(file, line)
}

// leads is where the text of an anchor says that the register is; ok is false where it is the text of none.
func leads(file string, text []byte) (to string, ok bool) {
	var a anchor
	if json.Unmarshal(text, &a) != nil || a.Register == "" {
		return "", false
	}
	return filepath.Join(filepath.Dir(file), filepath.FromSlash(a.Register)), true
}

var errOther = errors.New("another file")

// firstLine reads the first line of a regular file that begins as said, and little of any other: a study's folder may
// hold large ones.
func firstLine(file, begins string) ([]byte, error) {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, errOther
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := bufio.NewReader(io.LimitReader(f, maxLine))
	if head, err := text.Peek(len(begins)); err != nil || !strings.HasPrefix(string(head), begins) {
		return nil, errOther
	}
	line, err := text.ReadBytes('\n')
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return line, err
}
