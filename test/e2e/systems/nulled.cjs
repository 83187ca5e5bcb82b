/** No object in place of its exports. */
module.exports = null;
