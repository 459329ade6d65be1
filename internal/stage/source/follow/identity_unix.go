//go:build unix

package follow

import (
	"os"
	"strconv"
	"syscall"
)

// identityOf names a file by what stays when it is renamed: device and inode.
func identityOf(path string, info os.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return path
	}
	return strconv.FormatUint(uint64(st.Dev), 16) + ":" + strconv.FormatUint(uint64(st.Ino), 10)
}
