package source

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"strconv"
	"strings"
	"unicode"
)

// A file in a zip is a delivery of its own: Glob names it
//
//	folder/logs.zip!/3/access.log
//
// by the archive, its place in the archive's list, and the last part of its own
// name, which is shown and never followed. Its bytes as delivered are those that
// the archive holds, so that it is the same delivery as the file outside.

const (
	memberMark = "!/"
	// maxMembers is how many files of an archive are read.
	maxMembers = 4096
	// freeMember is what a compressed file in an archive may become, beyond
	// maxExpansion times its size: there may be thousands of them.
	freeMember = 1 << 20
)

// Errors of archives.
var (
	// ErrArchive is a zip that holds no file, or several where one is asked for.
	ErrArchive = errors.New("archive does not hold exactly one file")
	// ErrEncrypted is a file in an archive that needs a password.
	ErrEncrypted = errors.New("encrypted file in an archive; hint: unpack it")
	// ErrNested is an archive, or a file compressed twice.
	ErrNested = errors.New("archive inside another; hint: unpack it")
	// ErrSheet is a workbook, which is a zip inside.
	ErrSheet = errors.New("a spreadsheet; hint: save it as CSV")
	// ErrMethod is a file in an archive compressed by another method than deflate.
	ErrMethod = errors.New("unusual compression in an archive; hint: unpack it")
)

// splitMember splits the path of a file in an archive.
func splitMember(name string) (archive string, index int, ok bool) {
	i := strings.LastIndex(name, memberMark)
	if i < 0 {
		return "", 0, false
	}
	number, _, found := strings.Cut(name[i+len(memberMark):], "/")
	index, err := strconv.Atoi(number)
	if !found || err != nil || index < 1 {
		return "", 0, false
	}
	info, err := os.Stat(name[:i])
	if err != nil || !info.Mode().IsRegular() {
		return "", 0, false // a folder that ends in "!"
	}
	return name[:i], index, true
}

// Archive is the archive that a file lies in, "" where it lies in none.
func Archive(file string) string {
	archive, _, _ := splitMember(file)
	return archive
}

// Name is how a delivery is shown: its base name, or logs.zip!/access.log.
func Name(file string) string {
	if archive, _, ok := splitMember(file); ok {
		return path.Base(archive) + memberMark + path.Base(file)
	}
	return path.Base(file)
}

// members lists the files of an archive as Glob names them; none when the file
// is no archive, or one that Open will refuse.
func members(file string) []string {
	f, z, err := openArchive(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	var names []string
	for i, m := range z.File {
		if wanted(m) {
			names = append(names, file+memberMark+strconv.Itoa(i+1)+"/"+shown(m.Name))
		}
	}
	return names
}

var errNoArchive = errors.New("no archive")

// openArchive opens an archive whose files, all together, stay within the limits.
func openArchive(file string) (*os.File, *zip.Reader, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, fmt.Errorf("source: %w", err)
	}
	z, err := readArchive(f)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, z, nil
}

func readArchive(f *os.File) (*zip.Reader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	head := make([]byte, 4)
	if n, _ := f.ReadAt(head, 0); !bytes.Equal(head[:n], magicZip) && !bytes.Equal(head[:n], magicEmpty) {
		return nil, errNoArchive
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // nothing is unpacked to a path
		return nil, fmt.Errorf("source: zip: %w", ErrCorrupt)
	}
	var packed, whole uint64
	limit := uint64(max(freeExpansion, info.Size()*maxExpansion))
	for i, m := range z.File {
		if m.Name == "xl/workbook.xml" || m.Name == "META-INF/manifest.xml" {
			return nil, fmt.Errorf("source: zip: %w", ErrSheet)
		}
		packed += m.CompressedSize64
		whole += m.UncompressedSize64
		switch {
		case i >= maxMembers, m.UncompressedSize64 > limit, whole > limit:
			return nil, fmt.Errorf("source: zip: %w", ErrExpansion)
		case m.CompressedSize64 > uint64(info.Size()), packed > uint64(info.Size()): // they overlap
			return nil, fmt.Errorf("source: zip: %w", ErrCorrupt)
		}
	}
	return z, nil
}

// wanted leaves out folders, links, and what systems add to an archive.
func wanted(m *zip.File) bool {
	name := shown(m.Name)
	return m.Mode().IsRegular() && !strings.HasSuffix(m.Name, "/") && !strings.HasPrefix(name, ".") &&
		!strings.HasPrefix(m.Name, "__MACOSX/")
}

// shown is the last part of a name in an archive, without what a terminal or a
// file system would act upon.
func shown(name string) string {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	base = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == '/' || r == unicode.ReplacementChar {
			return '_'
		}
		return r
	}, base)
	if len(base) > 100 {
		base = base[:100]
	}
	return strings.ToValidUTF8(base, "_")
}

// openMember opens one file of an archive as a delivery.
func openMember(archive string, index int) (*Delivery, error) {
	f, z, err := openArchive(archive)
	if err != nil {
		return nil, err
	}
	if index > len(z.File) {
		f.Close()
		return nil, fmt.Errorf("source: zip: %w", ErrCorrupt)
	}
	d := &Delivery{file: f, close: func() {}}
	if err := d.member(z.File[index-1]); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// onlyMember is the place of the one file of an archive; errNoArchive for a file
// that is none.
func onlyMember(file string) (index int, err error) {
	f, z, err := openArchive(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for i, m := range z.File {
		switch {
		case !wanted(m):
		case index > 0:
			return 0, fmt.Errorf("source: zip: %w", ErrArchive)
		default:
			index = i + 1
		}
	}
	if index == 0 {
		return 0, fmt.Errorf("source: zip: %w", ErrArchive)
	}
	return index, nil
}

// member makes m the bytes of the delivery; one that is compressed in itself is
// undone once more.
func (d *Delivery) member(m *zip.File) error {
	if m.Flags&0x1 != 0 {
		return fmt.Errorf("source: zip: %w", ErrEncrypted)
	}
	inner, err := m.Open()
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return fmt.Errorf("source: zip: %w", ErrMethod)
	case err != nil:
		return fmt.Errorf("source: zip: %w", ErrCorrupt)
	}
	d.close = func() { inner.Close() }
	d.Size = int64(m.UncompressedSize64)
	limit := max(freeExpansion, int64(m.CompressedSize64)*maxExpansion)
	if d.Size > limit {
		return fmt.Errorf("source: zip: %w", ErrExpansion)
	}
	d.raw = newHashing(&limited{r: inner, allowed: func() int64 { return d.Size }})
	inside := max(freeMember, int64(m.CompressedSize64)*maxExpansion)
	return d.decode(func() int64 { return inside })
}
