package publication

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/entscope/entscope/anonymize/edition"
)

// epoch is the time of every file in an archive: the first that a zip can say.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Bundle gives the publication in dir as a zip archive: the files that its manifest lists,
// every one as it lists it, the manifest and its signature. The same publication has the
// same archive. What the manifest does not list, or what is no longer what it lists, is an
// error.
func Bundle(dir string) ([]byte, error) {
	if err := Is(dir); err != nil {
		return nil, fmt.Errorf("publication: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("publication: %w", err)
	}
	defer root.Close()
	s, err := readStamp(dir)
	if err != nil {
		return nil, fmt.Errorf("publication: %w", err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		data, err := readRegular(root, name)
		if err != nil {
			return nil, fmt.Errorf("publication: %w", err)
		}
		if digest(data) != s.Files[name] {
			return nil, fmt.Errorf("publication: %s is not what the manifest lists; hint: entscope audit", name)
		}
		if err := pack(z, name, data); err != nil {
			return nil, err
		}
	}
	for _, name := range []string{manifestFile, edition.SignatureFile} {
		data, err := readRegular(root, name)
		if errors.Is(err, os.ErrNotExist) && name == edition.SignatureFile {
			continue // an unsigned one
		}
		if err != nil {
			return nil, fmt.Errorf("publication: %w", err)
		}
		if err := pack(z, name, data); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("publication: archive: %w", err)
	}
	return b.Bytes(), nil
}

// readRegular reads a file that is no link.
func readRegular(root *os.Root, name string) ([]byte, error) {
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is no ordinary file", name)
	}
	f, err := edition.OpenPlain(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func pack(z *zip.Writer, name string, data []byte) error {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch}
	header.SetMode(0o644)
	w, err := z.CreateHeader(header)
	if err == nil {
		_, err = w.Write(data)
	}
	if err != nil {
		return fmt.Errorf("publication: archive: %w", err)
	}
	return nil
}
