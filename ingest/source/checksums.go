package source

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"strings"
)

// ErrChecksum is a file that is not what the list of checksums says it should be.
var ErrChecksum = errors.New("it is not the file that its checksum was made of; hint: fetch it again")

// A line of sha256sum, and one of shasum --tag or of BSD.
var (
	gnuLine = regexp.MustCompile(`^\\?([0-9A-Fa-f]{64})[ \t]+\*?(.+)$`)
	bsdLine = regexp.MustCompile(`^SHA256 \((.+)\) = ([0-9A-Fa-f]{64})$`)
)

// ReadChecksums reads lists of SHA-256 as sha256sum writes them, and gives the checksums by the last part of the name:
// who fetches files seldom keeps their folders. A name that is there twice may have either checksum.
func ReadChecksums(files []string) (map[string][]string, error) {
	sums := map[string][]string{}
	for _, file := range files {
		if err := readChecksums(file, sums); err != nil {
			return nil, fmt.Errorf("checksums: %s: %w", Name(file), err)
		}
	}
	return sums, nil
}

func readChecksums(file string, sums map[string][]string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	for line := 1; scan.Scan(); line++ {
		text := strings.TrimSpace(strings.TrimPrefix(scan.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		var name, sum string
		if m := gnuLine.FindStringSubmatch(text); m != nil {
			sum, name = m[1], m[2]
		} else if m := bsdLine.FindStringSubmatch(text); m != nil {
			name, sum = m[1], m[2]
		} else {
			return fmt.Errorf("line %d is not a SHA-256 and a name; hint: sha256sum *.log >SHA256SUMS", line)
		}
		name = path.Base(strings.ReplaceAll(name, `\`, "/"))
		sums[name] = append(sums[name], strings.ToLower(sum))
	}
	return scan.Err()
}
