//! What the native tests share.
