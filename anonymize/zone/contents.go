package zone

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// contentPath is what the path of a file of Contents looks like.
var contentPath = regexp.MustCompile(`^(?:` + eventsDir + `/(?:` + manifestPrefix + `[0-9]{6,9}\.json|` +
	`month=-?[0-9]{1,10}/bucket=[0-9]{2}/[0-9a-f]{24}(?:-[0-9]{3,6})?\.parquet)|` +
	tableFolder + `/[a-z][a-z0-9_]{0,40}-[0-9a-f]{16}\.parquet|` +
	rejectsDir + `/[0-9]{2,3}-[0-9a-f]{16}\.tsv|joins\.json|sizes\.json|voided\.json)$`)

// IsContent reports whether a path, with "/" and below the zone, may be one of Contents.
func IsContent(path string) bool { return contentPath.MatchString(path) }

// IsManifest reports whether a path of Contents is that of a manifest.
func IsManifest(path string) bool {
	return filepath.ToSlash(filepath.Dir(path)) == eventsDir && IsContent(path)
}

// Contents are the paths, with "/" and below dir, of the files that the zone in dir consists of: all that is live, and
// nothing of the run that is under way. Whoever has them and the salt has the zone.
func Contents(dir string) ([]string, error) {
	z, err := Open(dir)
	if err != nil {
		return nil, err
	}
	var paths []string
	if z.manifest.Number > 0 {
		paths = append(paths, fmt.Sprintf("%s/%s%06d%s", eventsDir, manifestPrefix, z.manifest.Number, manifestSuffix))
	}
	for _, f := range z.manifest.Tables {
		paths = append(paths, f.Path)
	}
	for _, f := range z.manifest.Files {
		paths = append(paths, eventsDir+"/"+f.Path)
	}
	optional := []string{joinsFile, sizesFile, voidedFile}
	for _, d := range z.manifest.Deliveries {
		optional = append(optional, rejectsDir+"/"+rejectName(d)) // of those with rejects
	}
	for _, name := range optional {
		_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
		if err == nil {
			paths = append(paths, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("zone: contents: %w", err)
		}
	}
	slices.Sort(paths)
	paths = slices.Compact(paths)
	for _, path := range paths {
		if !IsContent(path) {
			return nil, fmt.Errorf("zone: contents: %s: %w", path, ErrZone)
		}
	}
	return paths, nil
}
