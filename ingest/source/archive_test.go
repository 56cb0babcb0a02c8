package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// archive makes a zip of name, content, name, content, … in that order.
func archive(t *testing.T, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, parts[i+1])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readAll lists what Glob makes of a file and reads it: "name: content" or
// "name: error" of each.
func readAll(t *testing.T, file string) []string {
	t.Helper()
	names, err := Glob("", []string{file})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, name := range names {
		d, err := Open(name)
		var text []byte
		if err == nil {
			text, err = io.ReadAll(d)
			if sum, _ := d.Sum(); err == nil && sum != hexSum(text) && !packed(text) && d.inside == nil {
				t.Errorf("%s: hash %s", name, sum)
			}
			if size, _ := Size(name); size != d.Size || d.inside == nil && size != int64(len(text)) && err == nil {
				t.Errorf("%s: size %d of %d", name, size, len(text))
			}
			d.Close()
		}
		line := Name(name) + ": " + string(text)
		if err != nil {
			line = Name(name) + ": " + err.Error()
		}
		got = append(got, line)
	}
	return got
}

func TestArchive(t *testing.T) {
	text := "one\ntwo\n"
	for name, tt := range map[string]struct {
		file []byte
		want []string
	}{
		"several": {archive(t, "2025/a.log", text, "2025/", "", "b.log", "x\n"),
			[]string{"a.log: " + text, "b.log: x\n"}},
		"one":       {archive(t, "a.log", text), []string{"a.log: " + text}},
		"same name": {archive(t, "1/a.log", "1", "2/a.log", "2"), []string{"a.log: 1", "a.log: 2"}},
		"traversal": {archive(t, "../../etc/passwd", "x", `..\..\win.ini`, "y", "/abs", "z"),
			[]string{"passwd: x", "win.ini: y", "abs: z"}},
		"odd names": {archive(t, "a\x1b[31m.log", "x", "n\nn", "y", strings.Repeat("l", 300), "z"),
			[]string{"a_[31m.log: x", "n_n: y", strings.Repeat("l", 100) + ": z"}},
		"system":      {archive(t, "__MACOSX/._a.log", "x", ".DS_Store", "y", "a.log", "z"), []string{"a.log: z"}},
		"gzip inside": {archive(t, "a.log.gz", string(gz([]byte(text)))), []string{"a.log.gz: " + text}},
		"zip inside": {archive(t, "a.zip", string(archive(t, "a", text)), "b.log", "x"),
			[]string{"a.zip: source: " + ErrNested.Error(), "b.log: x"}},
		"tar inside": {archive(t, "a.tgz", string(gz(tarred([]byte(text)))), "b.log", "x"),
			[]string{"a.tgz: source: " + ErrNested.Error(), "b.log: x"}},
		"encrypted": {flag(archive(t, "a.log", text, "b.log", "x"), 1, 8),
			[]string{"a.log: source: zip: " + ErrEncrypted.Error(), "b.log: x"}},
		"method": {method(archive(t, "a.log", text, "b.log", "x"), 14),
			[]string{"a.log: source: zip: " + ErrMethod.Error(), "b.log: x"}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x.zip")
			if err := os.WriteFile(file, tt.file, 0o600); err != nil {
				t.Fatal(err)
			}
			for i := range tt.want {
				tt.want[i] = "x.zip!/" + tt.want[i]
			}
			if got := readAll(t, file); !slices.Equal(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// central is where the first file's entry of the central directory begins.
func central(file []byte) []byte { return file[bytes.Index(file, []byte("PK\x01\x02")):] }

func flag(file []byte, bits uint16, at int) []byte {
	e := central(file)[at:]
	binary.LittleEndian.PutUint16(e, binary.LittleEndian.Uint16(e)|bits)
	return file
}

func method(file []byte, m uint16) []byte {
	binary.LittleEndian.PutUint16(central(file)[10:], m)
	return file
}

// TestArchiveBombs: an archive cannot become more than its size allows, whatever
// its list says.
func TestArchiveBombs(t *testing.T) {
	zeros := strings.Repeat("\x00", 8<<20)
	var many []string
	for i := range 9 {
		many = append(many, fmt.Sprint(i), zeros)
	}
	var crowd []string
	for i := range maxMembers + 1 {
		crowd = append(crowd, fmt.Sprint(i), "")
	}
	lying := archive(t, "a", zeros)
	binary.LittleEndian.PutUint32(central(lying)[24:], 10) // its size, the list says
	overlap := archive(t, "a", strings.Repeat("abcdefgh", 8), "b", zeros)
	binary.LittleEndian.PutUint32(central(overlap)[20:], uint32(len(overlap)))
	for name, tt := range map[string]struct {
		file []byte
		want error
	}{
		"all together": {archive(t, many...), ErrExpansion},
		"too many":     {archive(t, crowd...), ErrExpansion},
		"lying size":   {lying, ErrCorrupt},
		"overlap":      {overlap, ErrCorrupt},
		"gzip inside":  {archive(t, "a.gz", string(gz([]byte(zeros)))), ErrExpansion},
	} {
		file := filepath.Join(t.TempDir(), "x.zip")
		if err := os.WriteFile(file, tt.file, 0o600); err != nil {
			t.Fatal(err)
		}
		names, err := Glob("", []string{file})
		if err != nil || len(names) != 1 {
			t.Fatalf("%s: %d names, %v", name, len(names), err)
		}
		d, err := Open(names[0])
		if err == nil {
			_, err = io.Copy(io.Discard, d)
			d.Close()
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

func TestOpenEnded(t *testing.T) {
	for text, want := range map[string]bool{"": false, "a\n": false, "a\r": false, "[{}]": false, `{"a":1}`: false,
		"a": true, "a\nb": true, `{"a":`: true} {
		path := write(t, "x", []byte(text))
		d, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, d)
		if d.OpenEnded() != want || EndsOpen(path) != want || string(d.Head()) != text {
			t.Errorf("%q: %v, %v", text, d.OpenEnded(), EndsOpen(path))
		}
		d.Close()
	}
	if EndsOpen(write(t, "x", gz([]byte("a")))) {
		t.Error("a compressed file")
	}
}

// FuzzArchive: no archive makes Open fail otherwise than by an error, or give
// more than it may.
func FuzzArchive(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.log", "../b.log", "c/"} {
		w, _ := z.Create(name)
		if !strings.HasSuffix(name, "/") {
			io.WriteString(w, "2025-09-08 a line\n")
		}
	}
	z.Close()
	f.Add(b.Bytes())
	f.Add(gz(b.Bytes()))
	f.Add(gz([]byte("line\n")))
	f.Add(zst([]byte("line\n")))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(dir, "x.zip")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		names, err := Glob("", []string{file})
		if err != nil {
			t.Fatal(err)
		}
		var total int64
		for _, name := range names {
			if base := filepath.Base(name); base == "." || base == ".." || strings.ContainsAny(base, "\x00\n/") {
				t.Fatalf("name %q", name)
			}
			d, err := Open(name)
			if err != nil {
				continue
			}
			n, _ := io.Copy(io.Discard, d)
			d.Close()
			total += n
		}
		if limit := max(int64(freeExpansion),
			int64(len(data))*maxExpansion) + int64(len(names))*freeMember; total > limit {
			t.Fatalf("%d bytes became %d", len(data), total)
		}
	})
}
